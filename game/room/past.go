package room

import (
	"context"
	"fmt"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// A room that began with a saved state has the log of its match from there on.
// All of it is wanted when the match ends, and by who follows it: then what came
// before is played again, of the room's whole journal, in a goroutine of its own.

// past is what a room does not have of its match's log. Owned by Run.
type past struct {
	chunk  uint32        // which holds the saved room it began with; 0 is nothing missing
	wanted chan struct{} // closed when it is here, or was not to be had; nil while nobody wants it
	coming bool
	lost   bool // it cannot be had
	cancel context.CancelFunc
}

// want has it played again, and gives what is closed then.
func (p *past) want() <-chan struct{} {
	if p.wanted == nil {
		p.wanted = make(chan struct{})
	}
	return p.wanted
}

// missing says whether something is missing that may still come.
func (p *past) missing() bool { return p.chunk != 0 && !p.lost }

// recall has the past played again, if it is wanted.
func (r *Room) recall(stop context.Context) {
	p := &r.past
	ended := r.ending != nil && r.ending.store && !r.ending.kept
	if !p.missing() || p.coming || p.wanted == nil && !ended || r.moved {
		return
	}
	ctx, cancel := r.patience(stop)
	p.coming, p.cancel = true, cancel
	r.helpers.Go(func() {
		log, marks, err := r.playPast(ctx, p.chunk)
		r.box.tell(func() { r.recalled(log, marks, err, ctx.Err() != nil) })
	})
}

// recalled is when all of the log is here, or never will be, or not now.
func (r *Room) recalled(log game.Log, marks []game.Mark, err error, notNow bool) {
	p := &r.past
	p.coming = false
	p.cancel()
	if p.wanted != nil {
		close(p.wanted)
		p.wanted = nil
	}
	if err == nil {
		err = r.match.Recall(log, marks)
	}
	switch {
	case err == nil:
		p.chunk = 0
	case !notNow:
		p.lost = true
		r.log.Error("the log of the match from before it was saved is lost; the match is kept without one", "err", err)
	case r.ending != nil:
		r.kept(fmt.Errorf("log of match %s: %w", r.cfg.ID, err))
		return
	}
	if e := r.ending; e != nil {
		e.record.Log, e.record.Marks = r.wholeLog()
	}
}

// wholeLog is the match's log and marks, if all of them are here.
func (r *Room) wholeLog() (game.Log, []game.Mark) {
	if r.past.chunk != 0 {
		return nil, nil
	}
	return r.match.Log(), r.match.Marks()
}

// playPast gives the log up to the room that was saved in a chunk. It touches
// nothing of this room.
func (r *Room) playPast(ctx context.Context, chunk uint32) (log game.Log, marks []game.Mark, err error) {
	chunks, err := r.history(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("history: %w", err)
	}
	if len(chunks) < int(chunk) {
		return nil, nil, fmt.Errorf("history of %d chunks, saved in the %d.: %w", len(chunks), chunk, errNotOurs)
	}
	if r.cfg.Lane != nil {
		select {
		case r.cfg.Lane <- struct{}{}:
			defer func() { <-r.cfg.Lane }()
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
	cfg := r.cfg
	cfg.Journal, cfg.Log = nil, r.log
	p, err := newReplay(cfg, unheard)
	if err != nil {
		return nil, nil, err
	}
	if err := p.playUntilSaved(chunks[:chunk]); err != nil {
		return nil, nil, err
	}
	return p.match.Log(), p.match.Marks(), nil
}

// playUntilSaved plays chunks up to the room that the last of them holds.
func (p replay) playUntilSaved(chunks [][]byte) error {
	last := len(chunks) - 1
	if err := p.playAll(chunks[:last]); err != nil {
		return err
	}
	entries, err := p.entries(chunks[last])
	if err != nil {
		return err
	}
	i := savedAt(entries)
	if i < 0 {
		return errNotOurs
	}
	return p.playEntries(entries[:i+1])
}

// history reads the room's journal, as often as it takes.
func (r *Room) history(ctx context.Context) ([][]byte, error) {
	if r.cfg.History == nil {
		return nil, fmt.Errorf("nobody has it: %w", errNotOurs)
	}
	for pause := keepPause; ; pause = min(2*pause, keepPauseMax) {
		once, cancel := context.WithTimeout(ctx, keepTry)
		chunks, err := r.cfg.History(once)
		cancel()
		if err == nil {
			return chunks, nil
		}
		r.log.Warn("history not read yet", "err", err)
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(pause):
		}
	}
}

// PlayForward plays all chunks of a room's journal, from the first on, and gives how
// far its match has come. Nothing runs, and nobody hears of it. The error is as of
// Recover.
func PlayForward(cfg Config, chunks [][]byte) (game.Tick, error) {
	p, err := newReplay(cfg, unheard)
	if err == nil {
		err = p.playAll(chunks)
	}
	if err != nil {
		return 0, err
	}
	return p.match.Tick(), nil
}

// unheard is the Relink of who plays a journal for itself.
func unheard(string, string, wire.Outbox) (Link, func(*Member, uint32)) { return deaf{}, nil }

// deaf is a link that nothing comes of.
type deaf struct{}

func (deaf) Poll()                        {}
func (deaf) Begin(wire.Frame)             {}
func (deaf) Send(wire.Frame)              {}
func (deaf) Snapshot(wire.Frame)          {}
func (deaf) Note(wire.Frame)              {}
func (deaf) Outbox() wire.Outbox          { return wire.Outbox{} }
func (deaf) Name() string                 { return "" }
func (deaf) Close(wire.CloseCode, string) {}
