package link_test

import (
	"testing"
	"testing/synctest"
	"time"

	"tickroom/game"
	"tickroom/net/link"
	"tickroom/net/wire"
)

// life is one link's, and of the links that follow it when it is forgotten.
type life struct {
	*testing.T
	chance
	hub    *link.Hub
	meter  *meter
	room   *modelRoom
	client *modelClient
	cable  *cable   // the client's connection of now; nil while away
	cables []*cable // all that have not ended
	hellos []wire.Frame
	steps  int
}

// live plays a life to its end.
func live(t *testing.T, c chance) tally {
	l := &life{T: t, chance: c, room: &modelRoom{}, client: &modelClient{}, meter: &meter{}}
	l.hub = link.NewHub(link.Config{Host: l.room, Meter: l.meter})
	for range 100 + c.IntN(400) {
		l.step()
		l.check()
		if t.Failed() {
			t.Fatalf("at step %d", l.steps)
		}
	}
	l.heal()
	l.end()
	return l.tally()
}

func (l *life) tally() tally {
	codes := map[wire.CloseCode]int{}
	for _, code := range l.meter.closed {
		codes[code]++
	}
	return tally{
		messages: l.client.heard + l.room.taken, lost: l.client.lost, resumes: l.client.resumes,
		anew: l.client.anew, connections: l.meter.opened, codes: codes,
	}
}

// step lets something happen.
func (l *life) step() {
	l.steps++
	switch p := l.IntN(100); {
	case p < 45:
		l.moves()
	case p < 57:
		l.roomActs()
	case p < 64:
		l.room.tick()
	case p < 80:
		l.clientActs()
	case p < 90:
		l.networkActs()
	default:
		wait(pick(l, time.Millisecond, 30*time.Millisecond, 300*time.Millisecond, time.Second, 3*time.Second, 6*time.Second, 13*time.Second))
	}
}

// moves has a few frames move on, somewhere.
func (l *life) moves() {
	for range 1 + l.IntN(8) {
		if len(l.cables) == 0 {
			return
		}
		c := l.cables[l.IntN(len(l.cables))]
		switch l.IntN(3) {
		case 0:
			c.leaves()
		case 1:
			c.arrives()
		default:
			l.hears()
		}
	}
}

// hears has the client hear the next frame of its connection, or its end.
func (l *life) hears() bool {
	if l.cable == nil {
		return false
	}
	f := l.cable.next()
	if f == nil {
		if !l.cable.over() {
			return false
		}
		l.away()
		return true
	}
	m, err := wire.DecodeServer(f, testGame)
	if err != nil {
		l.Fatal(err)
	}
	say, err := l.client.hear(m, len(f))
	if err != nil {
		l.Fatalf("step %d: %v", l.steps, err)
	}
	for _, m := range say {
		l.says(m)
	}
	return true
}

// away is when the client has heard that its connection is over.
func (l *life) away() {
	l.cable = nil
	if code := l.client.bye; code != 0 && !code.ComeBack() {
		l.Fatalf("step %d: closed with %d, for good; this client did nothing wrong", l.steps, code)
	}
}

func (l *life) says(m wire.Message) {
	if l.cable != nil {
		l.cable.says(encode(m))
	}
}

func (l *life) roomActs() {
	switch p := l.IntN(100); {
	case p < 60:
		for range 1 + l.IntN(20) {
			l.room.event(0)
		}
	case p < 90:
		l.room.snapshot(pick(l, 0, 1000, 16<<10, 100<<10))
	case p < 93:
		for range wire.MaxQueueFrames {
			l.room.event(0)
		}
	case p < 96:
		for range 1 + l.IntN(5) {
			l.room.event(100 << 10)
		}
	case p < 98:
		l.room.full = !l.room.full
	default:
		l.forgets()
	}
}

// forgets is when the room moves: the link ends, and the client may come back.
func (l *life) forgets() {
	l.room.closes(wire.CloseGoingAway)
	l.hellos = nil
	for _, c := range l.cables {
		if c != l.cable {
			c.fails(0, false)
		}
	}
}

func (l *life) clientActs() {
	switch p := l.IntN(10); {
	case l.cable == nil && p < 8:
		l.connect()
	case p < 6: // also while away
		if len(l.client.asked) < 100 {
			if m := l.client.command(); l.client.maySay() {
				l.says(m)
			}
		}
	case !l.client.maySay():
	case p < 8:
		if a, news := l.client.ack(); news {
			l.says(a)
		}
	case p < 9:
		l.says(wire.Ping{T: 1})
	case l.client.view.View != nil && l.IntN(2) == 0:
		l.says(l.client.check())
	default:
		l.says(wire.Input{Tick: 1, Data: aim{}})
	}
}

// connect opens a connection that begins with the client's hello.
func (l *life) connect() {
	f := encode(l.client.hello())
	l.hellos = append(l.hellos, f)
	l.cable = l.open(f)
}

func (l *life) open(hello wire.Frame) *cable {
	c := &cable{up: []wire.Frame{hello}, quick: len(l.cables)%2 == 1}
	c.port = l.hub.Open(c)
	l.cables = append(l.cables, c)
	return c
}

func (l *life) networkActs() {
	switch p := l.IntN(10); {
	case p < 3: // the client's connection breaks, for the client at least
		if c := l.cable; c != nil {
			c.fails(l.IntN(4), l.IntN(2) == 0)
			l.cable, l.client.linked = nil, false
		}
	case p < 4: // a hello comes again, over a connection nobody is at
		if n := len(l.hellos); n > 0 {
			l.open(l.hellos[l.IntN(n)]).fails(1, l.IntN(2) == 0)
		}
	case p < 5: // the transport ends one, as a server does that stops
		if len(l.cables) > 0 {
			l.cables[l.IntN(len(l.cables))].port.Close(wire.CloseGoingAway, "The server is stopping.")
		}
	default: // the server finds out about those that are broken
		for _, c := range l.cables {
			if l.IntN(2) == 0 {
				c.ends()
			}
		}
		l.sweep()
	}
}

// sweep forgets cables that have ended.
func (l *life) sweep() {
	kept := l.cables[:0]
	for _, c := range l.cables {
		if !c.ended() || c == l.cable {
			kept = append(kept, c)
		}
	}
	l.cables = kept
}

// check holds at every moment.
func (l *life) check() {
	for _, c := range l.cables {
		if c.fault != "" {
			l.Errorf("a transport got %s", c.fault)
		}
		if n := c.port.Ahead(); n > 64 {
			l.Errorf("%d frames wait ahead of the link's", n)
		}
	}
	for _, f := range l.room.faults {
		l.Error(f)
	}
	if n := l.meter.desynced; n > 0 {
		l.Errorf("%d views were taken for other ones than were sent; the client reads them right", n)
	}
	if n := l.hub.Links(); n > 1 {
		l.Errorf("the hub knows %d links of one seat", n)
	}
	m := l.room.now()
	if m == nil {
		return
	}
	if frames, bytes := m.link.Kept(); frames > wire.MaxQueueFrames || bytes > wire.MaxQueue {
		l.Errorf("%d frames of %d bytes are kept", frames, bytes)
	}
}

// heal makes the network good, and waits for all to arrive that has to.
func (l *life) heal() {
	l.room.full = false
	l.room.snapshot(100)
	for range 100 {
		for l.pass() {
			l.check()
		}
		if l.cable == nil {
			l.connect()
			continue
		}
		if l.allArrived() {
			return
		}
		if a, news := l.client.ack(); l.client.maySay() && news {
			l.says(a)
		}
		l.says(wire.Ping{T: 1})
		wait(time.Second)
	}
	l.Fatalf("client %+v, member %+v: with a good network all arrives in the end", l.client, l.room.now())
}

// pass has everything that can move move on, and says whether anything did.
func (l *life) pass() (moved bool) {
	l.room.tick()
	for _, c := range l.cables {
		moved = c.leaves() || moved
		moved = c.arrives() || moved
		moved = c.ends() || moved
	}
	moved = l.hears() || moved
	l.sweep()
	return moved
}

func (l *life) allArrived() bool {
	c, m := l.client, l.room.now()
	if m == nil {
		return false // the client is to come, and does not know
	}
	return c.linked && len(c.asked) == 0 && m.taken == c.n && c.era == m.era && c.seen == m.place && c.view.Tick == game.Tick(l.room.view)
}

// end closes the room and sees to it that nothing is left.
func (l *life) end() {
	l.room.closes(wire.CloseOver)
	for l.cable != nil {
		l.pass()
		if l.cable.over() && l.client.bye != wire.CloseOver {
			l.Fatalf("the client heard %d in the end, want %d", l.client.bye, wire.CloseOver)
		}
		if l.cable.over() {
			l.cable = nil
		}
	}
	for _, c := range l.cables {
		c.fails(0, true)
		c.ends()
	}
	l.check()
	if n := l.hub.Links(); n != 0 {
		l.Errorf("the hub knows %d links after the end", n)
	}
	if opened, closed := l.meter.opened, len(l.meter.closed); opened != closed {
		l.Errorf("%d connections were counted in and %d out", opened, closed)
	}
}

func wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

func pick[T any](c chance, of ...T) T { return of[c.IntN(len(of))] }
