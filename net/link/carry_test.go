package link

import (
	"fmt"
	"testing"
	"time"

	"tickroom/game"
	"tickroom/net/wire"
)

// A connection may end while its hello is being read, at a moment no dialogue
// can name: after the port was asked whether it is there, before the link is.
func TestAConnectionThatEndsWhileItsHelloIsReadCarriesNothing(t *testing.T) {
	for _, c := range []struct {
		away      bool
		want, why string
	}{
		{false, "[gone back]", "the older connection was let go for it: the seat is held until the client comes again"},
		{true, "[back]", "the seat was held already, and its time goes on"},
	} {
		h := NewHub(Config{})
		m := &listener{}
		l := &Link{hub: h, name: "L", ticket: "good", member: m, ready: make(chan struct{}), out: newOutbox(), try: 1, view: time.AfterFunc(time.Hour, func() {})}
		h.links[l.ticket] = l
		if !c.away {
			old := h.Open(nowhere{})
			old.begin(l, wire.Linked{})
			l.port = old
		}
		ended := h.Open(nowhere{})
		ended.Lost(0)
		if !l.carry(ended, wire.Hello{Link: "L", Try: 2}) || l.port != nil {
			t.Errorf("the link is carried by %p; want nothing: what has ended carries nothing", l.port)
		}
		next := h.Open(nowhere{})
		if !l.carry(next, wire.Hello{Link: "L", Try: 3}) || l.port != next {
			t.Errorf("the link is carried by %p, want %p: the next connection does", l.port, next)
		}
		if got := fmt.Sprint(m.heard); got != c.want {
			t.Errorf("the member heard %s, want %s: %s", got, c.want, c.why)
		}
		next.Lost(0)
		l.Close(wire.CloseOver, "The test is over.")
	}
}

// nowhere is a connection that nobody is at.
type nowhere struct{}

func (nowhere) Write(wire.Frame) bool        { return false }
func (nowhere) Poll()                        {}
func (nowhere) Close(wire.CloseCode, string) {}

// listener is a member that hears what carries its link.
type listener struct{ heard []string }

func (m *listener) Gone()  { m.heard = append(m.heard, "gone") }
func (m *listener) Back()  { m.heard = append(m.heard, "back") }
func (m *listener) Renew() { m.heard = append(m.heard, "renew") }

func (m *listener) Game() *game.Game                  { return nil }
func (m *listener) Command(uint32, any) bool          { return true }
func (m *listener) Input(game.Tick, any) bool         { return true }
func (m *listener) Say(uint32, string) bool           { return true }
func (m *listener) Leave() bool                       { return true }
func (m *listener) Show(wire.Show) bool               { return true }
func (m *listener) Clock() (game.Tick, time.Duration) { return 0, 0 }
