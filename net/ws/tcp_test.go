package ws_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tickroom/net/link"
	"tickroom/net/wire"
	"tickroom/net/ws"
)

// Real sockets have buffers: most of what a client sends is still unread when
// its connection is closed, and the reason must not go down with it.
func TestTheReasonArrivesOverRealSocketsToo(t *testing.T) {
	for _, c := range []struct {
		why   string
		frame []byte
		times int
		code  int
	}{
		{"one frame of 4 MiB", make([]byte, 4<<20), 1, websocket.CloseMessageTooBig},
		{"a flood of small frames", encode(wire.Input{Tick: 1, Data: aim{}}), 200_000, int(wire.CloseFlood)},
		{"much of what is no message", []byte("nonsense"), 200_000, int(wire.CloseProtocol)},
	} {
		t.Run(c.why, func(t *testing.T) {
			p := overTCP(t)
			stopped := make(chan struct{})
			go func() {
				defer close(stopped)
				for range c.times {
					if p.ws.WriteMessage(websocket.BinaryMessage, c.frame) != nil {
						return
					}
				}
			}()
			var err error
			for err == nil {
				_, _, err = p.ws.ReadMessage()
			}
			p.endedWith(err, c.code, "a client must learn whether to come back")
			p.ws.Close()
			<-stopped
		})
	}
}

// overTCP joins over a real socket of a server of its own.
func overTCP(t *testing.T) *player {
	t.Helper()
	room := &fakeRoom{members: map[string]*member{}}
	server := ws.New(ws.Config{Hub: link.NewHub(link.Config{Host: room})})
	web := httptest.NewServer(server)
	t.Cleanup(func() {
		if err := server.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		web.Close()
	})
	d := websocket.Dialer{Subprotocols: []string{wire.Subprotocol}, HandshakeTimeout: 10 * time.Second}
	c, _, err := d.Dial(strings.Replace(web.URL, "http", "ws", 1), nil)
	if err != nil {
		t.Fatal(err)
	}
	p := &player{t: t, ws: c, net: c.NetConn()}
	p.enters("ann")
	return p
}
