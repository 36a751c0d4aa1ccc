package room

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// Relink makes the link of a ticket, by its name, that another process had, with
// what it kept when the room was saved. The room tells it again all that it was
// told there since, and then calls restored, with the number of the client's last
// message.
type Relink func(ticket, name string, had wire.Outbox) (l Link, restored func(m *Member, received uint32))

// ErrSaved is returned when a saved room is not restored here. Its journal may
// still play forward from the start.
var ErrSaved = errors.New("the saved room is not restored")

// Recover makes the room that another process had, of what it was opened with
// and its journal: all chunks, or those from one on that holds the room as it was
// saved. It begins with the first that holds one, or as new, and plays the rest
// forward. It is as it was when the last chunk was written, to the number of each
// link's last message. Time stood still meanwhile: whoever was connected has all
// of the grace to come back, whoever was away what was left of it. The error says
// why the journal does not play forward here, ErrSaved among them; then the room
// of this process never was.
func Recover(cfg Config, chunks [][]byte, relink Relink) (*Room, error) {
	return begin(cfg, chunks, relink, replay.playOn)
}

// RecoverFromStart is Recover of all chunks, from the first on, whatever was saved.
func RecoverFromStart(cfg Config, chunks [][]byte, relink Relink) (*Room, error) {
	return begin(cfg, chunks, relink, replay.playAll)
}

func begin(cfg Config, chunks [][]byte, relink Relink, play func(replay, [][]byte) error) (*Room, error) {
	p, err := newReplay(cfg, relink)
	if err != nil {
		return nil, err
	}
	if err := play(p, chunks); err != nil {
		p.undo()
		return nil, err
	}
	p.end(cfg.Meter)
	return p.Room, nil
}

// replay is a room while its journal is played forward.
type replay struct {
	*Room
	relink   Relink
	restored map[*Member]func(*Member, uint32)
}

// newReplay makes a room of which nothing is played yet.
func newReplay(cfg Config, relink Relink) (replay, error) {
	r, err := New(cfg)
	if err != nil {
		return replay{}, err
	}
	r.journal.replaying, r.cfg.Meter = true, noMeter{} // what is played again is not counted again
	return replay{Room: r, relink: relink, restored: map[*Member]func(*Member, uint32){}}, nil
}

var errNotOurs = errors.New("this cannot have happened here: the rules or the journal have changed")

// playOn plays chunks forward, of which the first may hold a saved room: it
// stands for all before it.
func (p replay) playOn(chunks [][]byte) error {
	if len(chunks) == 0 {
		return nil
	}
	entries, err := p.entries(chunks[0])
	if err != nil {
		return err
	}
	i := savedAt(entries)
	if i >= 0 {
		if err := p.restore(entries[i].(wire.SavedRoom)); err != nil {
			return fmt.Errorf("%w: %w", ErrSaved, err)
		}
	} else {
		p.journal.n = 1
	}
	if err := p.playEntries(entries[i+1:]); err != nil {
		return err
	}
	return p.playAll(chunks[1:])
}

// playAll plays chunks forward.
func (p replay) playAll(chunks [][]byte) error {
	for _, chunk := range chunks {
		p.journal.n++
		entries, err := p.entries(chunk)
		if err == nil {
			err = p.playEntries(entries)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// savedAt is where entries hold a saved room; -1 where they hold none.
func savedAt(entries []wire.Message) int {
	return slices.IndexFunc(entries, func(e wire.Message) bool { _, saved := e.(wire.SavedRoom); return saved })
}

func (p replay) entries(chunk []byte) ([]wire.Message, error) {
	entries, err := wire.DecodeChunk(p.cfg.Game, chunk)
	if err != nil {
		return nil, fmt.Errorf("chunk %d: %w", p.journal.n, err)
	}
	return entries, nil
}

func (p replay) playEntries(entries []wire.Message) error {
	for i, e := range entries {
		if err := p.play(e); err != nil {
			return fmt.Errorf("chunk %d, entry %d, %T: %w", p.journal.n, i, e, err)
		}
	}
	return nil
}

// undo ends the links of a room that could not be made.
func (p replay) undo() {
	for _, w := range p.people {
		if w.current != nil {
			w.current.link.Close(wire.CloseFailed, "The match could not be played forward.")
		}
	}
}

// play has something happen again.
func (p replay) play(e wire.Message) error {
	switch e := e.(type) {
	case wire.Through:
		return p.through(roomTick(e.Tick))
	case wire.Took:
		return p.took(e)
	case wire.Began:
		p.began(time.UnixMilli(e.Unix))
		return nil
	case wire.SavedRoom:
		return p.agrees(e)
	case wire.Marked:
		return p.isMarked(e)
	case wire.Kept:
		return p.wasKept()
	}
	w := p.member(whoOf(e))
	if w == nil {
		return errNotOurs
	}
	if e, ok := e.(wire.Joined); ok {
		p.join(w, e)
		return nil
	}
	if _, steered := e.(wire.Steered); steered && p.ending != nil {
		return errNotOurs // it was played on
	}
	if _, ok := e.(wire.GaveUp); !ok && w.current == nil {
		return errNotOurs
	}
	p.happens(w, e)
	return nil
}

// wasKept is when the result was stored.
func (p replay) wasKept() error {
	if p.ending == nil || p.ending.kept {
		return errNotOurs
	}
	p.kept(nil)
	return nil
}

func (p replay) through(t roomTick) error {
	if t < p.now || t-p.now > p.ticks(maxReplayStep) {
		return errNotOurs
	}
	for p.now < t {
		p.step()
	}
	return nil
}

func (p replay) took(e wire.Took) error {
	give := p.take
	if e.Watches {
		give = p.watch
	}
	_, err := give(Player{ID: e.ID, Name: e.Name})
	return err
}

func (p replay) join(w *membership, e wire.Joined) {
	l, restored := p.relink(SealTicket(p.cfg.Key, p.id, w.number), e.Link, wire.Outbox{})
	p.restored[p.joined(w, l)] = restored
}

// happens is all that happens to a member who is there.
func (p replay) happens(w *membership, e wire.Message) {
	switch e := e.(type) {
	case wire.Gone:
		p.gone(w)
	case wire.Back:
		p.back(w)
	case wire.Renewed:
		p.renewed(w)
	case wire.Left:
		p.left(w, e.N)
	case wire.GaveUp:
		p.gaveUp(w)
	case wire.Said:
		p.said(w, e.N, e.Text)
	case wire.Did:
		p.did(w, e.N, e.Data)
	case wire.Steered:
		coming := p.match.Tick() + 1
		w.controls.waiting = []input{{at: coming, stamp: coming, command: e.Data}}
	}
}

// end is when the room is as it was: from here on it lives.
func (p replay) end(meter Meter) {
	j := &p.journal
	j.replaying, j.through, j.saveAt = false, p.now, p.now+p.stagger()
	if meter != nil {
		p.cfg.Meter = meter
	}
	j.sent = p.extent()
	j.kept = j.sent
	for _, w := range p.people {
		m := w.current
		if m == nil {
			continue
		}
		p.restored[m](m, w.received)
		m.begun = true
		if w.state == game.Taken {
			p.gone(w)
		}
	}
	p.clock.set(p.match.Tick(), time.Now())
	p.Room.status.Store(p.describe())
}

// whoOf is the number of the membership that something happens to.
func whoOf(e wire.Message) uint32 {
	switch e := e.(type) {
	case wire.Joined:
		return e.Who
	case wire.Gone:
		return e.Who
	case wire.Back:
		return e.Who
	case wire.Renewed:
		return e.Who
	case wire.Left:
		return e.Who
	case wire.GaveUp:
		return e.Who
	case wire.Said:
		return e.Who
	case wire.Did:
		return e.Who
	case wire.Steered:
		return e.Who
	}
	return 0
}
