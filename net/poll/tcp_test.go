package poll_test

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tickroom/net/link"
	"tickroom/net/poll"
	"tickroom/net/wire"
)

// small has the kernel hold less than a link keeps.
const small = 4 << 10

// Real sockets have buffers: who does not read is slow when they are full.
func TestAStreamOverRealSocketsThatIsNotReadIsCut(t *testing.T) {
	room := &fakeRoom{members: map[string]*member{}}
	meter := &meter{closed: map[wire.CloseCode]int{}}
	server := poll.New(poll.Config{Hub: link.NewHub(link.Config{Host: room, Meter: meter})})
	web := httptest.NewUnstartedServer(server)
	web.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		if err := c.(*net.TCPConn).SetWriteBuffer(small); err != nil {
			t.Error(err)
		}
		return ctx
	}
	web.Start()
	defer web.Close()
	defer func() {
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
	}()
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return c, c.(*net.TCPConn).SetReadBuffer(small)
	}}}
	defer client.CloseIdleConnections()
	response, err := client.Post(web.URL+"/v1/play/stream", "application/octet-stream", bytes.NewReader(hello("slow", "L", 0, 1)))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close() // it is never read
	long := encode(wire.Chat{Text: strings.Repeat("x", 60<<10)})
	began := time.Now()
	for meter.count(wire.CloseSlow) == 0 {
		room.link("slow").Send(long)
		room.link("slow").Snapshot(encode(wire.Snapshot{Tick: 1, View: look{}}))
		if time.Since(began) > 10*time.Second {
			t.Fatal("who does not read, nor acknowledge, is not slow after seconds")
		}
	}
	if !room.heard("slow gone") {
		t.Errorf("the room heard %q, want that the seat is held", room.all())
	}
	for server.Conns() > 0 { // bye has three seconds to leave, and the cut one more
		if time.Since(began) > 20*time.Second {
			t.Fatal("the answer that is not read is not cut")
		}
		time.Sleep(10 * time.Millisecond)
	}
}
