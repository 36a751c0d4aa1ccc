package gametest

import (
	"bytes"
	"fmt"

	"tickroom/game"
	"tickroom/net/wire"
)

// About so many ticks lie between two saves: while all is judged, and later.
const (
	saveOften  = 15
	saveSeldom = 300
)

// save has the twin, now and then, be one that was put away and restored: what
// follows is held against a match that just went on.
func (p *play) save() error {
	oneIn := saveOften
	if p.m.Tick() > closely {
		oneIn = saveSeldom
	}
	if p.game.SavedType() == nil || p.over() || p.r.IntN(oneIn) > 0 {
		return nil
	}
	after := fmt.Sprintf("after tick %d", p.m.Tick())
	frame, err := p.put(after)
	if err != nil {
		return err
	}
	saved, err := wire.DecodeSaved(p.game, frame)
	if err != nil {
		return breaks(types, "the state saved %s does not decode: %v", after, err)
	}
	panicked := guard(saving, func() string { return "restoring the state saved " + after }, func() {
		p.twin, err = p.game.Restore(p.m.Setup(), saved)
	})
	switch {
	case panicked != nil:
		return panicked
	case err != nil:
		return breaks(saving, "%s: %v", after, err)
	case p.twin.Logged() != p.m.Logged():
		return breaks(saving, "%s: a log of %d entries, restored as one of %d", after, p.m.Logged(), p.twin.Logged())
	}
	p.restored = p.m.Tick()
	return nil
}

// put saves the match, and holds that to the contract by itself.
func (p *play) put(after string) (frame wire.Frame, err error) {
	before, err := hashOf(p.m)
	if err != nil {
		return nil, err
	}
	var saved game.Saved
	if err := guard(saving, func() string { return "saving " + after }, func() { saved, _ = p.m.Save() }); err != nil {
		return nil, err
	}
	if hash, err := hashOf(p.m); err != nil || hash != before {
		return nil, breaks(saving, "%s: saving changed the state", after)
	}
	if frame, err = wire.Encode(wire.SavedMatch(saved)); err != nil {
		return nil, breaks(types, "the state saved %s does not encode: %v", after, err)
	}
	p.memory.keep(recollection{"state saved " + after, wire.SavedMatch(saved), frame})
	return frame, p.sameSaved(after, frame)
}

// sameSaved wants the match and its twin to be saved alike.
func (p *play) sameSaved(after string, frame wire.Frame) error {
	var saved game.Saved
	if err := guard(saving, func() string { return "saving " + after }, func() { saved, _ = p.twin.Save() }); err != nil {
		return err
	}
	if twins, err := wire.Encode(wire.SavedMatch(saved)); err != nil || !bytes.Equal(twins, frame) {
		return breaks(p.sides(), "the states saved %s of two plays of the same setup and log differ%s", after, p.history())
	}
	return nil
}

// history tells people what is not alike in the twin.
func (p *play) history() string {
	if p.restored == 0 {
		return ""
	}
	return fmt.Sprintf(", of which one was saved and restored after tick %d", p.restored)
}
