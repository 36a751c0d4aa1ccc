package cable_test

import (
	"bytes"
	"errors"
	"io"
	"net"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tickroom/net/cable"
)

// lots is more than all buffers between two ends hold: to send it takes somebody
// who reads.
const lots = 32 << 20

func TestWhatIsSaidArrivesAndSoDoesItsEnd(t *testing.T) {
	n := lay(t)
	client, server := n.connects()
	said := bytes.Repeat([]byte("all of it, in order; "), 100_000)
	go func() {
		client.says(said)
		_ = client.CloseWrite()
	}()
	if got, err := io.ReadAll(server); err != nil || !bytes.Equal(got, said) {
		t.Errorf("%d bytes arrived, %v; want the %d that were sent, and their end", len(got), err, len(said))
	}
	server.says([]byte("answer"))
	server.Close()
	if got, err := io.ReadAll(client); err != nil || string(got) != "answer" {
		t.Errorf("the answer is %q, %v; want it after the client has ended its side", got, err)
	}
}

func TestDelayHoldsAllThatIsSaidThatLongAndInOrder(t *testing.T) {
	const delay = 20 * time.Millisecond
	n := lay(t)
	n.cable.Set(cable.Line{Delay: delay, Jitter: delay})
	began := time.Now()
	client, server := n.connects()
	var want []byte
	go func() {
		for i := range byte(50) {
			client.says([]byte{i})
		}
	}()
	for i := range byte(50) {
		want = append(want, i)
	}
	got := server.hears(1)
	if took := time.Since(began); took < 3*delay {
		t.Errorf("the first byte came after %v, want no sooner than a handshake and its own way, %v", took, 3*delay)
	}
	if got = append(got, server.hears(49)...); !bytes.Equal(got, want) {
		t.Errorf("heard %v, want what was said in order", got)
	}

	began = time.Now()
	server.says([]byte{1})
	client.hears(1)
	client.says([]byte{1})
	server.hears(1)
	if took := time.Since(began); took < 2*delay {
		t.Errorf("there and back took %v, want no less than %v", took, 2*delay)
	}
}

func TestBandwidthIsSharedByAllConnections(t *testing.T) {
	const rate, each = 1 << 20, 100 << 10
	n := lay(t)
	n.cable.Set(cable.Line{Rate: rate})
	one, oneServer := n.connects()
	two, twoServer := n.connects()
	began := time.Now()
	go one.says(make([]byte, each))
	go two.says(make([]byte, each))
	oneServer.hears(each)
	twoServer.hears(each)
	least := 2 * each * time.Second / rate
	if took := time.Since(began); took < least {
		t.Errorf("two times %d bytes took %v, want no less than %v", each, took, least)
	}
}

func TestCutResetsBothEndsAndLetsNewOnesIn(t *testing.T) {
	n := lay(t)
	client, server := n.connects()
	n.cable.Cut()
	client.isReset("the cable is cut")
	server.isReset("the cable is cut")
	n.works("it was cut, and that is over")
}

func TestCutAfterCutsInTheMiddleOfWhatIsSaid(t *testing.T) {
	for name, way := range map[string]cable.Way{"up": cable.Up, "down": cable.Down} {
		t.Run(name, func(t *testing.T) {
			n := lay(t)
			from, to := n.connects()
			if way == cable.Down {
				from, to = to, from
			}
			from.says([]byte("before"))
			to.hears(6)
			cut := n.cable.CutAfter(5, way)
			to.says([]byte("the other way does not count"))
			from.hears(28)
			from.says([]byte("hello, world"))
			if got := to.hears(5); string(got) != "hello" {
				t.Errorf("%q arrived, want the five bytes before the cut", got)
			}
			to.isReset("it was cut after five bytes")
			from.isReset("it was cut at both ends")
			<-cut
			n.works("one cut was asked for")
		})
	}
}

func TestRefuseResetsWhoConnectsAndNobodyElse(t *testing.T) {
	n := lay(t)
	client, server := n.connects()
	n.cable.Refuse()
	for range 3 {
		n.isRefused("connections are refused")
	}
	if got := n.cable.Refused(); got != 3 {
		t.Errorf("%d were refused, want 3", got)
	}
	client.says([]byte("x"))
	server.hears(1)
	n.cable.Plug()
	n.works("the cable is plugged in again")
}

func TestPulledItSwallowsWhatIsSentAndTellsNobody(t *testing.T) {
	for name, way := range map[string]cable.Way{"up": cable.Up, "down": cable.Down, "both": cable.Both} {
		t.Run(name, func(t *testing.T) {
			n := lay(t)
			oldClient, oldServer := n.connects()
			n.cable.Pull(way)
			newClient, newServer := n.connects() // it opens
			for _, ends := range [][2]end{{oldClient, oldServer}, {newClient, newServer}} {
				client, server := ends[0], ends[1]
				if way&cable.Up != 0 {
					n.swallows(client)
				} else {
					client.says([]byte("up"))
					server.hears(2)
				}
				if way&cable.Down != 0 {
					n.swallows(server)
				} else {
					server.says([]byte("down"))
					client.hears(4)
				}
			}
			n.cable.Plug()
			n.works("the cable is plugged in again")
			if way&cable.Up != 0 {
				n.swallows(oldClient) // as it did
				n.swallows(newClient)
			}
			n.cable.Cut()
			for _, e := range []end{oldClient, newClient, oldServer, newServer} {
				e.isReset("nothing that was swallowed may come: the first that does is the cut")
			}
		})
	}
}

// Who gives up a dead connection is alone in knowing it.
func TestPulledItSwallowsTheEndToo(t *testing.T) {
	n := lay(t)
	client, server := n.connects()
	n.cable.Pull(cable.Up)
	client.Close()
	n.swallows(server) // into nothing, since the client has gone; were that told, this would fail
	n.cable.Plug()
	n.swallows(server)
}

func TestPlugCallsOffACutToCome(t *testing.T) {
	n := lay(t)
	client, server := n.connects()
	n.cable.CutAfter(3, cable.Up)
	n.cable.Plug()
	client.says([]byte("four"))
	server.hears(4)
	client.says([]byte("more"))
	server.hears(4)
}

func TestWithNobodyAtItsEndConnectionsAreReset(t *testing.T) {
	n := lay(t)
	n.server.Close()
	n.isRefused("nobody listens")
}

func TestCloseEndsAllAndWaits(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	n := lay(t)
	n.cable.Set(cable.Line{Delay: time.Hour})
	client, server := n.connects()
	client.says([]byte("under way for an hour"))
	n.cable.Pull(cable.Down)
	_, other := n.connects()
	n.cable.Close()
	client.isReset("the cable is closed")
	server.isReset("the cable is closed")
	other.isReset("the cable is closed")
	if c, err := net.Dial("tcp", n.cable.Addr()); err == nil {
		c.Close()
		t.Error("somebody is let in after the end")
	}
	n.server.Close()
}

// network is a cable and the server at its end.
type network struct {
	*testing.T
	cable  *cable.Cable
	server *net.TCPListener
}

// end is one end of a connection.
type end struct {
	*testing.T
	*net.TCPConn
}

func lay(t *testing.T) *network {
	t.Helper()
	server, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	if err != nil {
		t.Fatal(err)
	}
	c, err := cable.New(server.Addr().String(), 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		c.Close()
		server.Close()
	})
	return &network{t, c, server}
}

// connects opens a connection and gives both its ends.
func (n *network) connects() (client, server end) {
	n.Helper()
	near, err := net.Dial("tcp", n.cable.Addr())
	if err != nil {
		n.Fatal(err)
	}
	far, err := n.server.AcceptTCP()
	if err != nil {
		n.Fatal(err)
	}
	return n.end(near.(*net.TCPConn)), n.end(far)
}

// isRefused wants a new connection to be reset: while it opens, or right after.
func (n *network) isRefused(why string) {
	n.Helper()
	s, err := net.Dial("tcp", n.cable.Addr())
	if err == nil {
		n.end(s.(*net.TCPConn)).isReset(why)
	} else if !errors.Is(err, syscall.ECONNRESET) {
		n.Errorf("connect: %v, want a reset: %s", err, why)
	}
}

func (n *network) end(s *net.TCPConn) end {
	n.Cleanup(func() { s.Close() })
	_ = s.SetDeadline(time.Now().Add(time.Minute)) // for a test that fails
	return end{n.T, s}
}

// works wants a new connection to be a good one.
func (n *network) works(why string) {
	n.Helper()
	client, server := n.connects()
	client.says([]byte("there"))
	server.says([]byte("back"))
	if there, back := server.hears(5), client.hears(4); string(there) != "there" || string(back) != "back" {
		n.Errorf("heard %q and %q on a new connection: %s", there, back, why)
	}
}

// swallows wants the cable to take what nobody reads.
func (n *network) swallows(from end) {
	n.Helper()
	from.says(make([]byte, lots))
}

func (e end) says(b []byte) {
	e.Helper()
	if _, err := e.Write(b); err != nil {
		e.Errorf("say %d bytes: %v", len(b), err)
	}
}

func (e end) hears(n int) []byte {
	e.Helper()
	b := make([]byte, n)
	if _, err := io.ReadFull(e, b); err != nil {
		e.Errorf("hear %d bytes: %v", n, err)
	}
	return b
}

// isReset wants the connection to fail before another byte comes.
func (e end) isReset(why string) {
	e.Helper()
	if got, err := io.ReadAll(e); !errors.Is(err, syscall.ECONNRESET) || len(got) > 0 {
		e.Errorf("heard %q and %v, want a reset: %s", got, err, why)
	}
}
