package room

import (
	"errors"
	"fmt"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// Relink makes the link of a ticket, by its name, that another process had. The
// room tells it again all that it was told there, and then calls restored, with
// the number of the client's last message.
type Relink func(ticket, name string) (l Link, restored func(m *Member, received uint32))

// Recover makes the room that another process had, of what it was opened with
// and its journal: by playing it forward. It is as it was when the last chunk
// was written, to the number of each link's last message. Time stood still
// meanwhile: whoever was connected has all of the grace to come back, whoever
// was away what was left of it. The error says why the journal does not play
// forward here; then the room of this process never was.
func Recover(cfg Config, chunks [][]byte, relink Relink) (*Room, error) {
	r, err := New(cfg)
	if err != nil {
		return nil, err
	}
	meter := r.cfg.Meter
	r.journal.replaying, r.cfg.Meter = true, noMeter{} // what is played again is not counted again
	p := replay{Room: r, relink: relink, restored: map[*Member]func(*Member, uint32){}}
	for i, chunk := range chunks {
		if err := p.playChunk(chunk); err != nil {
			p.undo()
			return nil, fmt.Errorf("chunk %d: %w", i+1, err)
		}
	}
	r.cfg.Meter = meter
	p.end(uint32(len(chunks)))
	return r, nil
}

// replay is a room while its journal is played forward.
type replay struct {
	*Room
	relink   Relink
	restored map[*Member]func(*Member, uint32)
}

var errNotOurs = errors.New("this cannot have happened here: the rules or the journal have changed")

func (p replay) playChunk(chunk []byte) error {
	entries, err := wire.DecodeChunk(p.cfg.Game, chunk)
	if err != nil {
		return err
	}
	for i, e := range entries {
		if err := p.play(e); err != nil {
			return fmt.Errorf("entry %d, %T: %w", i, e, err)
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
	}
	w := p.member(whoOf(e))
	if w == nil {
		return errNotOurs
	}
	if e, ok := e.(wire.Joined); ok {
		p.join(w, e)
		return nil
	}
	if _, ok := e.(wire.GaveUp); !ok && w.current == nil {
		return errNotOurs
	}
	p.happens(w, e)
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
	l, restored := p.relink(SealTicket(p.cfg.Key, p.id, w.number), e.Link)
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
func (p replay) end(chunks uint32) {
	j := &p.journal
	j.replaying, j.n, j.through = false, chunks, p.now
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
