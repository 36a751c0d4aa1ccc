package client_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/net/wire"
)

// keeper is a server that does what PROTOCOL.md says, and cuts connections.
type keeper struct {
	said     []wire.Message // all that must arrive, welcome first
	received uint32
	done     []int8
}

// serves takes so many commands over one connection, and answers all but the
// last before it cuts.
func (k *keeper) serves(commands int) func(*server) {
	return func(s *server) {
		hello, ok := s.reads().(wire.Hello)
		if !ok || int(hello.Seen) > len(k.said) {
			s.Errorf("got %#v; want hello, with no more than %d seen", hello, len(k.said))
			return
		}
		linked := wire.Linked{Resumed: hello.Seen > 0, Received: k.received}
		if !linked.Resumed {
			linked.Why, k.said = "new", []wire.Message{welcome}
		}
		s.sends(linked)
		for _, m := range k.said[hello.Seen:] {
			s.sends(m)
		}
		for i := range commands {
			m, ok := s.next().(wire.Command)
			if !ok {
				return
			}
			if m.N != k.received+1 {
				s.Errorf("got number %d after %d; want no gap, and nothing that has arrived", m.N, k.received)
			}
			k.received++
			k.done = append(k.done, m.Data.(move).X)
			k.said = append(k.said, wire.Reply{N: m.N})
			if i < commands-1 {
				s.sends(wire.Reply{N: m.N})
			}
		}
	}
}

func TestManyWhoAskAtOnceOverConnectionsThatAreCut(t *testing.T) {
	const people, each = 20, 6
	var k keeper
	script := []func(*server){k.serves(7), k.serves(1), k.serves(0), k.serves(30), k.serves(2), k.serves(3), k.serves(40), k.serves(1 << 20)}
	play(t, script, func(s *stage) {
		c := s.mustJoin()
		ctx, cancel := context.WithTimeout(s.Context(), 5*time.Minute)
		defer cancel()
		var busy sync.WaitGroup
		for p := range people {
			busy.Go(func() {
				for i := range each {
					if err := c.Command(ctx, move{int8(p*each + i)}); err != nil {
						s.Errorf("command %d of %d: %v; want it to be done", i, p, err)
						return
					}
				}
			})
		}
		busy.Wait()
		c.Close()
		synctest.Wait()
		if len(s.script) > 0 {
			s.Errorf("%d connections were not made; the test shows less than it says", len(s.script))
		}
		if len(k.done) != people*each {
			s.Errorf("%d commands were done, want %d", len(k.done), people*each)
		}
		last := map[int8]int8{}
		for _, x := range k.done {
			p, i := x/each, x%each
			if want := last[p]; i != want {
				s.Errorf("command %d of %d was done when %d was due: each once, in their order; all: %v", i, p, want, k.done)
			}
			last[p] = i + 1
		}
	})
}
