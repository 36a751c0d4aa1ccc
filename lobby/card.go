package lobby

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"tickroom/game/room"
	"tickroom/store"
)

// card is a room as other servers see it. A room that is closed is still found,
// so that whoever asks for it is told so, and those who played can play again.
func (e *entry) card(l *Lobby) store.Card {
	s := e.Status()
	c := store.Card{
		Room: e.id, Server: l.cfg.Self.Name, Code: e.code, Game: e.game.Name, Status: string(s.Phase),
		Listed: e.listed() && s.Phase != room.Closed, Joinable: l.joinable(e, s),
	}
	if !e.private && playing(s) {
		c.Terms = e.key() // join-or-create goes by it
	}
	for _, m := range s.Members[:min(len(s.Members), store.MaxCardPlayers)] {
		c.Players = append(c.Players, m.Player.ID)
	}
	if s.Phase == room.Closed {
		c.Code, c.Players = "", nil
		return c
	}
	c.Body = encode(e.show(s))
	return c
}

func (e *entry) debut() *debut     { return e.shown }
func (s *screening) debut() *debut { return s.shown }

// joinable says whether join-or-create may seat anybody in a room.
func (l *Lobby) joinable(e *entry, s room.Status) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !e.private && e.takes(s)
}

// takes says whether join-or-create may seat somebody new. It is called under the
// lobby's lock.
func (e *entry) takes(s room.Status) bool {
	return !e.mute && playing(s) && s.Free > 0 && !time.Now().Before(e.reserved)
}

func playing(s room.Status) bool {
	return (s.Phase == room.Waiting || s.Phase == room.Running) && !s.Keeping
}

// card is a screening as other servers see it: they only need to know where it is.
func (s *screening) card(l *Lobby) store.Card {
	c := store.Card{Room: s.id, Server: l.cfg.Self.Name, Game: s.record.Match.Game, Status: string(room.Running)}
	if !l.isHere(s.id) {
		c.Status = store.CardClosed
	}
	return c
}

// encode is a room as the list shows it; one that weighs too much is shown
// without its players.
func encode(b roomBody) []byte {
	for {
		text, err := json.Marshal(b)
		if err != nil {
			panic("lobby: a room that JSON cannot say: " + err.Error()) // only strings and numbers
		}
		if len(text) <= store.MaxCard || len(b.Players) == 0 {
			return text
		}
		b.Players = []seatedBody{}
	}
}

// bodyOf is a room of another server as the list shows it.
func bodyOf(c store.Card) (roomBody, error) {
	var b roomBody
	if err := json.Unmarshal(c.Body, &b); err != nil {
		return b, fmt.Errorf("card of room %s, shown by %s: %w", c.Room, c.Server, err)
	}
	return b, nil
}

// key is the same for terms on which players who want any room would as soon be
// in the one as in the other.
func (t *terms) key() string {
	sum := sha256.New()
	fmt.Fprintf(sum, "%s %d", t.game.Name, t.game.Version)
	for _, name := range slices.Sorted(maps.Keys(t.options)) {
		fmt.Fprintf(sum, " %s=%d", name, t.options[name])
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}
