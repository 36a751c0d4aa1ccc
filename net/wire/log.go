package wire

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"

	"tickroom/game"
)

// A log is kept as gzip of one msgpack value:
//
//	log   = [2, [mark...], [entry...]]
//	mark  = [ticks since the mark before, hash of the state]
//	entry = [ticks since the entry before, seat, command or seat state]
//
// A command is an array and a state is an integer, so they cannot be confused.
// The same log gives the same bytes. Format 1, which is read as well, has no marks.
const (
	logFormat         = 2
	logFormatUnmarked = 1
)

// EncodeLog makes what is kept of a log, and of the match's marks.
func EncodeLog(log game.Log, marks ...game.Mark) ([]byte, error) {
	var e Encoder
	e.reset()
	if err := e.log(log, marks); err != nil {
		return nil, fmt.Errorf("encode log: %w", err)
	}
	if e.buf.Len() > maxLog {
		return nil, fmt.Errorf("encode log: %d bytes are more than %d", e.buf.Len(), maxLog)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(e.buf.Bytes()); err != nil {
		return nil, fmt.Errorf("compress log: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("compress log: %w", err)
	}
	return packed.Bytes(), nil
}

func (e *Encoder) log(log game.Log, marks []game.Mark) error {
	if err := errors.Join(e.w.EncodeArrayLen(3), e.w.EncodeUint(logFormat), e.marks(marks), e.w.EncodeArrayLen(len(log))); err != nil {
		return err
	}
	var before game.Tick
	for i, entry := range log {
		if entry.Tick < before {
			return fmt.Errorf("entry %d, of tick %d, comes after one of tick %d", i, entry.Tick, before)
		}
		if err := e.entry(entry, entry.Tick-before); err != nil {
			return fmt.Errorf("entry %d: %w", i, err)
		}
		before = entry.Tick
	}
	return nil
}

func (e *Encoder) marks(marks []game.Mark) error {
	if err := e.w.EncodeArrayLen(len(marks)); err != nil {
		return err
	}
	var before game.Tick
	for _, m := range marks {
		if m.Tick < before {
			return fmt.Errorf("mark of tick %d comes after one of tick %d", m.Tick, before)
		}
		if err := errors.Join(e.w.EncodeArrayLen(2), e.w.EncodeUint(uint64(m.Tick-before)), e.w.EncodeUint(m.Hash)); err != nil {
			return err
		}
		before = m.Tick
	}
	return nil
}

func (e *Encoder) entry(entry game.Entry, since game.Tick) error {
	if err := errors.Join(e.w.EncodeArrayLen(3), e.w.EncodeUint(uint64(since)), e.w.EncodeInt(int64(entry.Seat))); err != nil {
		return err
	}
	if entry.Command == nil {
		return e.w.EncodeUint(uint64(entry.State))
	}
	return e.value(reflect.ValueOf(entry.Command))
}

// DecodeLog reads the log of what EncodeLog made for a match of g. It trusts
// nothing in it.
func DecodeLog(g *game.Game, b []byte) (game.Log, error) {
	r, _, err := unpackLog(b)
	var log game.Log
	if err == nil {
		log, err = r.log(g)
	}
	if err == nil {
		err = r.end()
	}
	if err != nil {
		return nil, fmt.Errorf("decode log of %s: %w", g.Name, err)
	}
	return log, nil
}

// DecodeMarks reads the marks of what EncodeLog made: none of one that was kept
// before there were any.
func DecodeMarks(b []byte) ([]game.Mark, error) {
	_, marks, err := unpackLog(b)
	if err != nil {
		return nil, fmt.Errorf("decode marks: %w", err)
	}
	return marks, nil
}

// unpackLog reads a log up to its entries.
func unpackLog(b []byte) (*reader, []game.Mark, error) {
	plain, err := decompress(b)
	if err != nil {
		return nil, nil, err
	}
	r := newReader(plain)
	n, err := r.list(1)
	if err != nil {
		return nil, nil, err
	}
	format, err := r.uint()
	switch {
	case err != nil:
		return nil, nil, err
	case format == logFormatUnmarked && n == 2:
		return r, nil, nil
	case format == logFormat && n == 3:
		marks, err := r.marks()
		return r, marks, err
	}
	return nil, nil, r.fail("want format %d or %d, found %d of %d parts", logFormatUnmarked, logFormat, format, n)
}

func decompress(b []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, maxLog+1))
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	if len(plain) > maxLog {
		return nil, fmt.Errorf("decompress: more than %d bytes", maxLog)
	}
	return plain, nil
}

func (r *reader) marks() ([]game.Mark, error) {
	const least = 3 // an array of two, each a byte at least
	n, err := r.list(least)
	if err != nil {
		return nil, err
	}
	var marks []game.Mark
	var tick uint64
	for i := range n {
		if err := r.arrayOf(2); err != nil {
			return nil, fmt.Errorf("mark %d: %w", i, err)
		}
		since, err := r.uint()
		if err == nil && (since > math.MaxUint32 || tick+since > math.MaxUint32) {
			err = r.fail("tick %d is too large", since)
		}
		if err != nil {
			return nil, fmt.Errorf("mark %d: %w", i, err)
		}
		tick += since
		hash, err := r.uint()
		if err != nil {
			return nil, fmt.Errorf("mark %d: %w", i, err)
		}
		marks = append(marks, game.Mark{Tick: game.Tick(tick), Hash: hash})
	}
	return marks, nil
}

func (r *reader) log(g *game.Game) (game.Log, error) {
	const least = 4 // an array of three, each a byte at least
	n, err := r.list(least)
	if err != nil {
		return nil, err
	}
	var log game.Log
	var tick uint64
	for i := range n {
		entry, since, err := r.entry(g)
		if err != nil {
			return nil, fmt.Errorf("entry %d: %w", i, err)
		}
		if tick += since; tick > math.MaxUint32 {
			return nil, fmt.Errorf("entry %d: %w", i, r.fail("tick %d is too large", tick))
		}
		entry.Tick = game.Tick(tick)
		log = append(log, entry)
	}
	return log, nil
}

func (r *reader) entry(g *game.Game) (entry game.Entry, since uint64, err error) {
	if err := r.arrayOf(3); err != nil {
		return entry, 0, err
	}
	if since, err = r.uint(); err == nil && since > math.MaxUint32 {
		err = r.fail("%d ticks are too many", since)
	}
	if err != nil {
		return entry, 0, err
	}
	seat, err := r.uint()
	if err == nil && seat >= game.MaxSeats {
		err = r.fail("no seat %d", seat)
	}
	if err != nil {
		return entry, 0, err
	}
	entry.Seat = game.Seat(seat)
	if r.isArray() {
		v, err := r.value(g.CommandType())
		if err != nil {
			return entry, 0, fmt.Errorf("command: %w", err)
		}
		entry.Command = v.Interface()
		return entry, since, nil
	}
	state, err := r.uint()
	if err == nil && state > uint64(game.GivenUp) {
		err = r.fail("no seat state %d", state)
	}
	entry.State = game.SeatState(state)
	return entry, since, err
}
