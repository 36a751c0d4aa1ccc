package main

import (
	"encoding/binary"
	"math/rand/v2"

	"tickroom/game"
	"tickroom/game/arena"
	"tickroom/game/battleship"
	"tickroom/game/relay"
	"tickroom/game/swarm"
	"tickroom/net/wire"
)

// mind is how bots play a game.
type mind struct {
	game   *game.Game // nil when this program does not know it
	acts   int        // a second, unless told; 0 is one in every tick
	inputs bool       // it holds controls; otherwise each act is a command
	// act is what to do now, of the game's command type; nil is nothing.
	act func(*player) any
	// heard is given views and events; nil is given none, and none are decoded.
	heard func(*player, wire.Message)
}

// memory is what minds remember of a match, each what it needs.
type memory struct {
	pings    int
	said     uint64
	controls arena.Controls
	view     *battleship.View
	voices   map[int]*sequence // what each seat said last
}

var minds = []*mind{
	{game: swarm.Game, inputs: true, act: steer},
	{game: arena.Game, acts: 10, inputs: true, act: fly},
	{game: relay.Game, acts: 2, act: talk, heard: listen},
	{game: battleship.Game, acts: 1, act: fire, heard: look},
}

// mindOf is for any game: one that is not known gets random commands.
func mindOf(name string) *mind {
	for _, m := range minds {
		if m.game.Name == name {
			return m
		}
	}
	return &mind{acts: 1, act: func(p *player) any { return randomOf(p.schema.Command, p.dice) }}
}

// steer holds another button in every tick, and aims elsewhere.
func steer(p *player) any {
	p.memory.said++
	n := int(p.memory.said) + p.index
	return swarm.Controls{Buttons: 1 << (n % 4), Aim: n * 17 % swarm.Turn}
}

// fly keeps a course for half a second or so, and fires on the way.
func fly(p *player) any {
	if c := &p.memory.controls; p.memory.said%5 == 0 {
		c.MoveX, c.MoveY = int8(p.dice.IntN(255)-127), int8(p.dice.IntN(255)-127)
		c.Aim = uint16(p.dice.IntN(1 << 16))
		c.Fire, c.Dash = p.dice.IntN(2) == 0, p.dice.IntN(8) == 0
	}
	p.memory.said++
	return p.memory.controls
}

// talk says a number to all, each the next.
func talk(p *player) any {
	p.memory.said++
	data := binary.BigEndian.AppendUint64(make([]byte, 0, 32), p.memory.said)
	return relay.Command{To: relay.All, Name: "count", Data: data[:32]}
}

// listen holds what every seat says to its order.
func listen(p *player, m wire.Message) {
	e, ok := m.(wire.Event)
	if !ok {
		return
	}
	said, ok := e.Data.(relay.Message)
	if !ok || said.Name != "count" || len(said.Data) < 8 {
		return // somebody else's
	}
	if p.memory.voices == nil {
		p.memory.voices = map[int]*sequence{}
	}
	voice := p.memory.voices[said.From]
	if voice == nil {
		voice = &sequence{}
		p.memory.voices[said.From] = voice
	}
	p.load.tally.numbered(voice, binary.BigEndian.Uint64(said.Data))
}

// look keeps what it sees when nothing it asked for is still to be seen.
func look(p *player, m wire.Message) {
	if s, ok := m.(wire.Snapshot); ok && len(p.asked) == 0 {
		v := s.View.(battleship.View)
		p.memory.view = &v
	}
}

// fire leaves its ships where they are, and fires where it has not.
func fire(p *player) any {
	v := p.memory.view
	if v == nil || p.seatNumber < 0 {
		return nil
	}
	p.memory.view = nil // until that is seen
	switch {
	case (v.Phase == battleship.Waiting || v.Phase == battleship.Placing) && !v.Sides[p.seatNumber].Ready:
		return battleship.Command{Ready: true}
	case v.Phase == battleship.Firing && v.Turn == p.seatNumber:
		return shot(v.Sides[1-p.seatNumber].Shots, p.dice)
	}
	return nil
}

// boardSide is how long a row of the board is.
const boardSide = 10

func shot(at []byte, dice *rand.Rand) any {
	for _, i := range dice.Perm(len(at)) {
		if at[i] == battleship.Untried {
			return battleship.Command{Fire: &battleship.Cell{X: i % boardSide, Y: i / boardSide}}
		}
	}
	return nil
}
