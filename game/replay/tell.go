package replay

import (
	"fmt"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
	"tickroom/store"
)

// refuse answers who would act.
func (s *Screening) refuse(n uint32) {
	frame, err := wire.Encode(wire.Reply{N: n, Code: "watching", Text: "You are watching; you have no seat."})
	if err != nil {
		s.log.Error("a refusal does not encode", "err", err)
		return
	}
	if s.viewer.begun { // who speaks before Welcome is no client of the protocol
		s.viewer.link.Send(frame)
	}
}

// arrived is when it stands where the viewer wants it.
func (s *Screening) arrived() error {
	if !s.viewer.begun {
		if err := s.welcome(); err != nil {
			return err
		}
	}
	if err := s.tellSeats(); err != nil {
		return err
	}
	if err := s.tellNow(); err != nil {
		return err
	}
	return s.tellStanding()
}

// welcome tells a link all it needs to begin with.
func (s *Screening) welcome() error {
	r := s.record
	m := wire.Welcome{
		Room:         s.cfg.ID,
		Game:         r.Game.Name,
		Seat:         s.seat,
		Tick:         s.playback.Tick(),
		TickRate:     r.Match.TickRate,
		SnapshotRate: r.Game.SnapshotRate,
		Grace:        int(s.cfg.Grace / time.Second),
		Schema:       s.schema,
	}
	for _, o := range r.Game.Options {
		m.Options = append(m.Options, wire.OptionValue{Name: o.Name, Value: r.Match.Options[o.Name]})
	}
	for seat := range s.told {
		s.told[seat] = s.playback.SeatState(game.Seat(seat))
		if s.told[seat] != game.Open {
			m.Members = append(m.Members, s.memberOf(game.Seat(seat)))
		}
	}
	frame, err := encode(m)
	if err != nil {
		return err
	}
	s.viewer.link.Begin(frame)
	s.viewer.begun, s.overTold = true, false
	return nil
}

// memberOf is a seat as it is told.
func (s *Screening) memberOf(seat game.Seat) wire.Member {
	m := wire.Member{Seat: seat, State: s.told[seat]}
	if m.State != game.Open {
		m.Name = s.record.Name(seat)
	}
	return m
}

// tellTick tells what a tick brought: who came and went, then what was said.
func (s *Screening) tellTick() error {
	if err := s.tellSeats(); err != nil {
		return err
	}
	for _, e := range s.playback.Events() {
		if !e.To.Includes(s.seat) {
			continue
		}
		if err := s.send(wire.Event{Tick: e.Tick, Name: e.Name, Data: e.Data}); err != nil {
			return err
		}
	}
	return nil
}

// tellSeats tells of each seat that is not as the viewer believes.
func (s *Screening) tellSeats() error {
	for seat := range s.told {
		now := s.playback.SeatState(game.Seat(seat))
		if now == s.told[seat] {
			continue
		}
		s.told[seat] = now
		if err := s.send(s.memberOf(game.Seat(seat))); err != nil {
			return err
		}
	}
	return nil
}

// tellNow shows the state it stands at, and at the end how the match ended.
func (s *Screening) tellNow() error {
	eyes := s.seat
	if !s.game.Hidden {
		eyes = game.Watcher
	}
	frame, err := encode(wire.Snapshot{Tick: s.playback.Tick(), View: s.playback.View(eyes)})
	if err != nil {
		return err
	}
	s.unseen = false
	s.viewer.link.Snapshot(frame)
	if !s.atEnd() || s.overTold {
		return nil
	}
	s.overTold = true
	if !s.asKept() {
		s.log.Warn("match ended otherwise than it was kept", "tick", s.playback.Tick())
		if err := s.note("differs", "This server plays the match otherwise than it was played. The result is the one that was kept."); err != nil {
			return err
		}
	}
	return s.send(s.record.Over())
}

// asKept says whether the last state is the one that was kept.
func (s *Screening) asKept() bool {
	r := s.record
	return r.Match.Ending == store.Failed || s.playback.Tick() == r.Ticks() && s.playback.Hash() == r.Match.StateHash
}

func (s *Screening) note(code, text string) error {
	frame, err := encode(wire.Notice{Code: code, Text: text})
	if err == nil {
		s.viewer.link.Note(frame)
	}
	return err
}

func (s *Screening) send(m wire.Message) error {
	frame, err := encode(m)
	if err == nil {
		s.viewer.link.Send(frame)
	}
	return err
}

// encode can fail only by the rules.
func encode(m wire.Message) (wire.Frame, error) {
	frame, err := wire.Encode(m)
	if err != nil {
		return nil, fmt.Errorf("%T does not encode: %w", m, err)
	}
	return frame, nil
}
