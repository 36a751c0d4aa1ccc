package room

import (
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// Now and then a room writes down all of itself, among what happened: whoever
// recovers it begins there. It is as large as what it holds, never as long as the
// match. What is not in it: inputs that wait for their tick, which are lost with a
// process anyway, and the log of the match (see past.go).

// save writes down the room between two ticks, when nothing waits for the next.
// Where it cannot be saved, its journal is played from further back.
func (r *Room) save() {
	j := &r.journal
	if r.cfg.Game.SavedType() == nil || j.sink == nil || r.ending != nil || r.now < j.saveAt || len(j.full)+len(r.deeds) > 0 {
		return
	}
	r.reach()
	var entry []byte
	err := r.guard(func() error {
		s, err := r.saved()
		if err == nil {
			entry, err = wire.AppendEntry(nil, s)
		}
		return err
	})
	if err == nil && len(entry) > maxSaved {
		err = errTooLarge
	}
	if err != nil {
		r.log.Warn("room not saved", "tick", r.match.Tick(), "err", err)
		j.saveAt = r.now + r.ticks(rest(maxSaved))
		return
	}
	j.chunk.saved = true
	j.grow(append(j.chunk.data, entry...))
	j.saveAt = r.now + r.ticks(max(r.cfg.SaveEvery, rest(len(entry))))
}

// saveEarly saves it before its time, since another process is to go on at once;
// not one whose time is far off, which is large.
func (r *Room) saveEarly() {
	if j := &r.journal; j.saveAt <= r.now+r.ticks(r.cfg.SaveEvery) {
		j.saveAt = r.now
		r.save()
	}
}

var errTooLarge = errors.New("it is too large")

// rest is how long so many bytes last.
func rest(bytes int) time.Duration { return time.Duration(bytes) * time.Second / saveRate }

// stagger is how long after its beginning a room is first saved: those of one
// process do not do it at once.
func (r *Room) stagger() roomTick {
	h := fnv.New32a()
	h.Write(r.id[:])
	return roomTick(h.Sum32()) % r.ticks(r.cfg.SaveEvery)
}

// saved is the room as it stands, as if all that waits for the journal had been
// told: who recovers it finds it there.
func (r *Room) saved() (wire.SavedRoom, error) {
	match, _ := r.match.Save()
	frame, err := wire.Encode(wire.SavedMatch(match))
	if err != nil {
		return wire.SavedRoom{}, err
	}
	s := wire.SavedRoom{Chunk: r.journal.n + 1, Tick: uint64(r.now), Issued: r.issued, Hash: match.Hash, Match: frame}
	if !r.begun.IsZero() {
		s.Began = r.begun.UnixMilli()
	}
	for seat, shut := range r.seats.shut {
		if shut {
			s.Shut = append(s.Shut, game.Seat(seat))
		}
	}
	f := frames{at: map[*byte]uint32{}}
	s.Spoken = f.places(r.spoken)
	for _, w := range r.known() {
		s.Members = append(s.Members, r.savedMember(w, &f))
	}
	for _, w := range r.played {
		s.Played = append(s.Played, w.number)
	}
	if s.Frames = f.all; f.bytes > maxSaved {
		return s, errTooLarge
	}
	return s, nil
}

// known is everybody who is in, and who left and has played, by number.
func (r *Room) known() []*membership {
	all := slices.Clone(r.people)
	for _, w := range r.played {
		if w.left {
			all = append(all, w)
		}
	}
	slices.SortFunc(all, func(a, b *membership) int { return int(a.number) - int(b.number) })
	return all
}

func (r *Room) savedMember(w *membership, f *frames) wire.SavedMember {
	s := wire.SavedMember{
		Number: w.number, ID: w.player.ID, Name: w.player.Name, Seat: w.seat, State: w.state, Until: uint64(w.until),
		Came: w.came, Left: w.left, Here: w.here, Spent: uint64(w.chat.spent), Since: uint64(w.chat.since),
	}
	if m := w.current; m != nil {
		out := r.willKeep(m)
		s.Link = &wire.SavedLink{
			Name: m.link.Name(), Received: w.received, Acked: out.Acked, Behind: out.Behind, Kept: f.places(out.Frames),
		}
	}
	return s
}

// willKeep is what a member's link keeps when all is told that waits.
func (r *Room) willKeep(m *Member) wire.Outbox {
	out := m.link.Outbox()
	for _, t := range slices.Concat(r.journal.waiting, r.journal.next) {
		switch {
		case t.to != m:
		case t.what == beginning:
			out = wire.Outbox{Frames: []wire.Frame{t.frame}}
		case t.what == something && !out.Behind:
			out.Frames = append(out.Frames, t.frame)
		}
	}
	return out
}

// frames are what several keep, each once.
type frames struct {
	all   []wire.Frame
	at    map[*byte]uint32
	bytes int
}

func (f *frames) places(kept []wire.Frame) []uint32 {
	var places []uint32
	for _, frame := range kept {
		at, ok := f.at[&frame[0]]
		if !ok {
			at = uint32(len(f.all))
			f.all, f.at[&frame[0]] = append(f.all, frame), at
			f.bytes += len(frame)
		}
		places = append(places, at)
	}
	return places
}

// agrees holds the match, played up to here, against what was saved of it.
func (p replay) agrees(s wire.SavedRoom) error {
	if p.ending != nil || uint64(p.now) != s.Tick || p.match.Hash() != s.Hash {
		return errNotOurs
	}
	return nil
}

// restore makes a new room the one that was saved.
func (p replay) restore(s wire.SavedRoom) error {
	saved, err := wire.DecodeSaved(p.cfg.Game, s.Match)
	if err != nil {
		return err
	}
	err = p.guard(func() (err error) {
		p.match, err = p.cfg.Game.Restore(p.cfg.Setup, saved)
		return err
	})
	if err != nil {
		return err
	}
	p.past = past{chunk: s.Chunk}
	p.journal.n, p.now, p.issued = s.Chunk, roomTick(s.Tick), s.Issued
	if s.Began != 0 {
		p.begun, p.phase = time.UnixMilli(s.Began), Running
	}
	for _, seat := range s.Shut {
		if !p.isSeat(seat) {
			return fmt.Errorf("no seat %d", seat)
		}
		p.seats.shut[seat] = true
	}
	if p.spoken, err = framesAt(s, s.Spoken); err != nil {
		return err
	}
	return p.restoreMembers(s)
}

func (p replay) restoreMembers(s wire.SavedRoom) error {
	byNumber := map[uint32]*membership{}
	for _, m := range s.Members {
		w := &membership{
			number: m.Number, player: Player{ID: m.ID, Name: m.Name}, seat: m.Seat, state: m.State, until: roomTick(m.Until),
			came: m.Came, left: m.Left, here: m.Here, chat: allowance{roomTick(m.Spent), roomTick(m.Since)},
		}
		if m.Seat != game.Watcher && !p.isSeat(m.Seat) {
			return fmt.Errorf("no seat %d", m.Seat)
		}
		byNumber[w.number] = w
		if w.left {
			continue
		}
		p.people = append(p.people, w)
		if w.seat != game.Watcher {
			p.seats.sit(w)
		}
		if m.Link != nil {
			if err := p.restoreLink(w, *m.Link, s); err != nil {
				return err
			}
		}
	}
	for _, number := range s.Played {
		w := byNumber[number]
		if w == nil {
			return fmt.Errorf("no member %d", number)
		}
		p.played = append(p.played, w)
	}
	return nil
}

func (p replay) restoreLink(w *membership, l wire.SavedLink, s wire.SavedRoom) error {
	kept, err := framesAt(s, l.Kept)
	if err != nil {
		return err
	}
	had := wire.Outbox{Acked: l.Acked, Frames: kept, Behind: l.Behind}
	link, restored := p.relink(SealTicket(p.cfg.Key, p.id, w.number), l.Name, had)
	w.current, w.received = &Member{room: p.Room, who: w, link: link}, l.Received
	p.restored[w.current] = restored
	return nil
}

func (r *Room) isSeat(s game.Seat) bool { return s >= 0 && int(s) < len(r.seats.at) }

// framesAt are the frames at such places.
func framesAt(s wire.SavedRoom, places []uint32) ([]wire.Frame, error) {
	var kept []wire.Frame
	for _, at := range places {
		if int(at) >= len(s.Frames) {
			return nil, fmt.Errorf("no frame %d of %d", at, len(s.Frames))
		}
		kept = append(kept, s.Frames[at])
	}
	return kept, nil
}
