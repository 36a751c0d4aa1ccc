package ws_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/gorilla/websocket"
	"go.uber.org/goleak"

	"tickroom/net/wire"
	"tickroom/net/ws"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAConversation(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		p := s.enter("ann")
		p.says(wire.Ping{T: 9})
		p.reads(wire.Pong{T: 9, Tick: 42}, "a ping is answered")
		p.says(wire.Input{Tick: 5, Data: aim{1}})
		p.says(wire.Leave{N: 1})
		p.readsEnd(wire.CloseLeft, "the player left")
		if want := []string{"ann input 5"}; !slices.Equal(s.room.notes, want) {
			t.Errorf("the room heard %q, want %q: it closed the link itself and need not hear that it is gone", s.room.notes, want)
		}
	})
}

func TestWhoMayConnect(t *testing.T) {
	origin := func(o string) http.Header { return http.Header{"Origin": {o}} }
	for _, c := range []struct {
		why       string
		header    http.Header
		protocols []string
		status    int
	}{
		{"a program sends no origin", nil, []string{wire.Subprotocol}, 101},
		{"our own page", origin("https://play.test"), []string{wire.Subprotocol}, 101},
		{"a page of the list", origin("https://Friend.example"), []string{wire.Subprotocol}, 101},
		{"another of several subprotocols is ours", nil, []string{"other", wire.Subprotocol}, 101},
		{"a foreign page", origin("https://evil.example"), []string{wire.Subprotocol}, 403},
		{"the list's host by another scheme", origin("http://friend.example"), []string{wire.Subprotocol}, 403},
		{"ours within another name", origin("https://play.test.evil.example"), []string{wire.Subprotocol}, 403},
		{"a page without an origin to name", origin("null"), []string{wire.Subprotocol}, 403},
		{"no subprotocol", nil, nil, 400},
		{"another subprotocol", nil, []string{"tickroom.2"}, 400},
	} {
		play(t, ws.Config{Origins: []string{"https://friend.example"}}, func(t *testing.T, s *stage) {
			p, response, err := s.dial(c.header, c.protocols...)
			if response == nil || response.StatusCode != c.status {
				t.Errorf("%s: got %v, %v; want status %d", c.why, response, err, c.status)
				return
			}
			if err == nil && p.ws.Subprotocol() != wire.Subprotocol {
				t.Errorf("%s: agreed on subprotocol %q", c.why, p.ws.Subprotocol())
			}
			if err == nil {
				p.ws.Close()
			}
		})
	}
}

func TestAPlainRequestIsAnswered(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		c, err := s.pipes.dial()
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		go func() {
			_, _ = c.Write([]byte("GET /v1/play HTTP/1.1\r\nHost: play.test\r\nSec-WebSocket-Protocol: tickroom.1\r\nConnection: close\r\n\r\n"))
		}()
		answer := make([]byte, 64)
		n, err := c.Read(answer)
		if err != nil || !strings.HasPrefix(string(answer[:n]), "HTTP/1.1 400") {
			t.Errorf("got %q, %v; want 400 for what is no upgrade", answer[:n], err)
		}
	})
}

func TestFramesThatAreNotOurs(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		p := s.enter("ann")
		if err := p.ws.WriteMessage(websocket.TextMessage, []byte("[5,1]")); err != nil {
			t.Fatal(err)
		}
		p.readsEnd(wire.CloseProtocol, "text frames are not of this protocol")
	})
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		p := s.enter("ann")
		written := make(chan struct{})
		go func() { // the server reads only its head before it answers
			defer close(written)
			_ = p.ws.WriteMessage(websocket.BinaryMessage, make([]byte, 100*wire.MaxFrame))
		}()
		_, _, err := p.ws.ReadMessage()
		p.endedWith(err, websocket.CloseMessageTooBig, "WebSocket's own code says that a frame is too large")
		p.net.Close()
		<-written
		synctest.Wait()
		if s.meter.count(wire.CloseTooLarge) != 1 || !s.room.heard("ann gone") {
			t.Errorf("meter %v, room %q: it is counted, and the seat held", s.meter.closed, s.room.notes)
		}
	})
}

func TestSilence(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		p, began := s.connect(), time.Now()
		p.readsEnd(wire.CloseHello, "no hello came")
		if took := time.Since(began); took != wire.HelloTimeout {
			t.Errorf("closed after %v, want %v", took, wire.HelloTimeout)
		}
	})
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		p, began := s.enter("ann"), time.Now()
		p.readsEnd(wire.CloseDead, "nothing was heard for too long")
		if took := time.Since(began); took != wire.DeadAfter {
			t.Errorf("closed after %v, want %v", took, wire.DeadAfter)
		}
	})
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		p := s.enter("ann")
		for range 10 {
			time.Sleep(wire.PingEvery)
			p.says(wire.Ping{})
			p.reads(wire.Pong{Tick: 42}, "who pings lives on, beyond every deadline of the library")
		}
	})
}

func TestAPeerThatVanishedIsCut(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		p := s.enter("ann") // from here on it neither reads, writes nor closes
		time.Sleep(wire.DeadAfter)
		synctest.Wait()
		if !s.room.heard("ann gone") {
			t.Error("after 12 s the seat is held, whatever becomes of the connection")
		}
		time.Sleep(3*time.Second + time.Second) // for bye to leave, and for the close frame to be answered
		synctest.Wait()
		p.mustBeCut("a peer that does not answer is cut")
	})
}

// mustBeCut fails unless the server has ended the connection already.
func (p *player) mustBeCut(why string) {
	p.t.Helper()
	began := time.Now()
	for {
		if _, err := p.net.Read(make([]byte, 1024)); err != nil {
			break
		}
	}
	if waited := time.Since(began); waited != 0 {
		p.t.Errorf("it took %v more: %s", waited, why)
	}
}

func TestASlowReaderIsThrownOutAndOthersDoNotNotice(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		slow, good := s.enter("slow"), s.enter("good")
		chunk := encode(wire.Chat{Text: strings.Repeat("x", 32<<10)})
		for i := range uint32(16) {
			s.room.link("slow").Send(chunk)
			s.room.link("good").Send(chunk)
			good.reads(wire.Chat{Text: strings.Repeat("x", 32<<10)}, "who reads gets everything")
			good.says(wire.Ack{Seen: 2 + i}) // welcome was the first
			synctest.Wait()
		}
		if !s.room.heard("slow gone") || s.meter.count(wire.CloseSlow) != 1 {
			t.Errorf("meter %v, room %q: a full queue ends that link at once", s.meter.closed, s.room.notes)
		}
		time.Sleep(4 * time.Second)
		synctest.Wait()
		slow.mustBeCut("who does not read bye either is cut")
		good.says(wire.Ping{T: 1})
		good.reads(wire.Pong{T: 1, Tick: 42}, "the others play on")
	})
}

func TestASlowReaderWhoWakesUpIsToldWhy(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		p := s.enter("ann")
		chunk := encode(wire.Chat{Text: strings.Repeat("x", 32<<10)})
		for range 16 {
			s.room.link("ann").Send(chunk)
		}
		time.Sleep(time.Second)
		p.readsEnd(wire.CloseSlow, "bye is next behind the frame that was on its way")
	})
}

func TestAFloodIsSlowedAndThenToldWhyEvenWhileItGoesOn(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		p, began := s.enter("ann"), time.Now()
		stopped := make(chan struct{})
		go func() {
			defer close(stopped)
			for p.send(wire.Input{Tick: 1, Data: aim{}}) == nil {
			}
		}()
		p.readsEnd(wire.CloseFlood, "the close frame is not lost behind what is still coming in")
		if took := time.Since(began); took < wire.MaxSlow || took > wire.MaxSlow+time.Second {
			t.Errorf("cut after %v; want %v of being slowed first: a network that stalled is no flood", took, wire.MaxSlow)
		}
		p.ws.Close()
		<-stopped
	})
}

func TestANewerConnectionTakesOver(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		older := s.enter("ann")
		newer := s.enter("ann")
		older.readsEnd(wire.CloseTakenOver, "one ticket, one connection")
		newer.says(wire.Ping{T: 1})
		newer.reads(wire.Pong{T: 1, Tick: 42}, "the newer one plays")
	})
}

func TestALinkGoesOnOverAnotherConnection(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		first := s.enter("ann")
		first.says(wire.Command{N: 1, Data: aim{1}})
		synctest.Wait()
		first.net.Close()
		synctest.Wait()
		s.room.link("ann").Send(encode(wire.Chat{Text: "while you were away"}))
		second := s.returns(first, "ann", 1, 2)
		second.reads(wire.Chat{Text: "while you were away"}, "what must arrive was kept")
		second.says(wire.Command{N: 1, Data: aim{1}})
		second.says(wire.Command{N: 2, Data: aim{2}})
		synctest.Wait()
		want := []string{"ann command {X:1}", "ann gone", "ann back", "ann command {X:2}"}
		if !slices.Equal(s.room.notes, want) {
			t.Errorf("the room heard %q, want %q: a command is done once, over however many connections", s.room.notes, want)
		}
	})
}

func TestANewerConnectionOfTheSameLinkReplacesTheOlder(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		first := s.enter("ann") // does not know yet that its network is gone
		second := s.returns(first, "ann", 1, 2)
		first.readsEnd(wire.CloseReplaced, "one link, one connection")
		second.says(wire.Ping{T: 1})
		second.reads(wire.Pong{T: 1, Tick: 42}, "the newer one plays")
		if s.room.heard("ann gone") {
			t.Errorf("the room heard %q; the seat was not left for a moment", s.room.notes)
		}
	})
}

func TestAPeerThatClosesIsGone(t *testing.T) {
	for name, leave := range map[string]func(p *player) error{
		"with a close frame": func(p *player) error {
			return p.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(1000, ""), time.Now().Add(time.Second))
		},
		"by the network": func(p *player) error { return p.net.Close() },
	} {
		play(t, ws.Config{}, func(t *testing.T, s *stage) {
			p := s.enter("ann")
			go func() { _, _, _ = p.ws.ReadMessage() }() // takes the answer to the close frame
			if err := leave(p); err != nil {
				t.Fatal(err)
			}
			synctest.Wait()
			if !s.room.heard("ann gone") || s.meter.count(0) != 1 {
				t.Errorf("%s: meter %v, room %q: the seat is held from now on", name, s.meter.closed, s.room.notes)
			}
			p.net.Close()
		})
	}
}

func TestAPanicEndsOneConnection(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		good := s.enter("good")
		bad := s.connect()
		bad.says(wire.Hello{Ticket: "panic", Link: "L", Try: 1})
		if _, _, err := bad.ws.ReadMessage(); err == nil {
			t.Error("a connection that panicked must end, not live on half dead")
		}
		good.says(wire.Ping{T: 1})
		good.reads(wire.Pong{T: 1, Tick: 42}, "the others do not notice")
	})
}

func TestThereIsAMostOfConnections(t *testing.T) {
	play(t, ws.Config{MaxConns: 2}, func(t *testing.T, s *stage) {
		first := s.enter("a")
		s.enter("b")
		if _, response, err := s.dial(nil, wire.Subprotocol); response == nil || response.StatusCode != 503 {
			t.Errorf("got %v, %v; want 503 for one too many", response, err)
		}
		first.net.Close()
		synctest.Wait()
		s.enter("c")
	})
}

func TestShutdown(t *testing.T) {
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		reading, asleep, silent := s.enter("reading"), s.enter("asleep"), s.connect()
		began, done := time.Now(), make(chan error, 1)
		go func() { done <- s.server.Shutdown(t.Context()) }()
		reading.readsEnd(wire.CloseGoingAway, "players are told to come back")
		silent.readsEnd(wire.CloseGoingAway, "who has not said hello is told too")
		if _, response, err := s.dial(nil, wire.Subprotocol); response == nil || response.StatusCode != 503 {
			t.Errorf("got %v, %v; want 503 while stopping", response, err)
		}
		if err := <-done; err != nil || time.Since(began) > 4*time.Second {
			t.Errorf("took %v: %v; who does not read does not hold the server up", time.Since(began), err)
		}
		asleep.mustBeCut("nothing is left open behind a server that stopped")
	})
	play(t, ws.Config{}, func(t *testing.T, s *stage) {
		asleep := s.enter("asleep")
		why := errors.New("second Ctrl-C")
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(why)
		began := time.Now()
		if err := s.server.Shutdown(ctx); !errors.Is(err, why) || time.Since(began) > time.Second {
			t.Errorf("took %v: %v; want the context's cause, at once", time.Since(began), err)
		}
		asleep.mustBeCut("a context that ended cuts")
	})
}
