package gametest

import (
	"bytes"
	"fmt"

	"tickroom/game"
	"tickroom/net/wire"
)

// memory is what was shown and said lately, with the bytes that it was then.
type memory struct {
	kept [32]recollection
	next int
}

type recollection struct {
	what    string
	message wire.Message // holds a view or an event as the rules made it
	frame   wire.Frame
}

func (m *memory) keep(r recollection) {
	m.kept[m.next%len(m.kept)] = r
	m.next++
}

// check encodes everything again: what says something else by now shares
// memory with the state.
func (m *memory) check(now string) error {
	for _, r := range m.kept[:min(m.next, len(m.kept))] {
		again, err := wire.Encode(r.message)
		if err != nil || !bytes.Equal(again, r.frame) {
			return breaks(copies, "%s: the %s says something else than it did: it shares memory with the state", now, r.what)
		}
	}
	return nil
}

// travel makes the frame of a view or an event, and reads it as a client does.
func (p *play) travel(what string, m wire.Message) (wire.Frame, error) {
	frame, err := wire.Encode(m)
	if err != nil {
		return nil, breaks(types, "the %s does not encode: %v", what, err)
	}
	read, err := wire.DecodeServer(frame, p.game)
	if err != nil {
		return nil, breaks(types, "the %s does not decode: %v", what, err)
	}
	if again, err := wire.Encode(read); err != nil || !bytes.Equal(again, frame) {
		return nil, breaks(types, "the %s is not the same after encoding and decoding", what)
	}
	return frame, nil
}

// kept is a log that was written and read.
func kept(g *game.Game, log game.Log) (game.Log, error) {
	b, err := wire.EncodeLog(log)
	if err != nil {
		return nil, err
	}
	read, err := wire.DecodeLog(g, b)
	if err == nil && len(read) != len(log) {
		err = fmt.Errorf("%d entries were written and %d read", len(log), len(read))
	}
	return read, err
}
