package client_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/net/client"
	"tickroom/net/wire"
)

// desk is a server that answers requests by a script of its own.
type desk struct {
	*testing.T
	doors chan net.Conn

	// Guarded by mu.
	mu     sync.Mutex
	asked  []string // what requests there were: "stream", "poll 1", "say 1"
	said   []wire.Message
	status func(request string) int // 0 is a good answer; nil is always good
	hold   func(request string)     // before an answer; nil does not
}

func atDesk(t *testing.T, story func(d *desk)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := &desk{T: t, doors: make(chan net.Conn)}
		web := &http.Server{Handler: d}
		served := make(chan error, 1)
		go func() { served <- web.Serve(d) }()
		defer func() {
			web.Close()
			if err := <-served; !errors.Is(err, http.ErrServerClosed) {
				t.Error(err)
			}
			time.Sleep(time.Second)
		}()
		story(d)
	})
}

func (d *desk) joins(over client.Transport) (*client.Client, error) {
	return client.Join(d.Context(), client.Config{
		URL: "ws://play.test/v1/play", Ticket: "mine", Game: testGame, Transport: over,
		Header: http.Header{"X-From": {"test"}},
		Dial: func(context.Context, string, string) (net.Conn, error) {
			near, far := net.Pipe()
			d.doors <- far
			return near, nil
		},
		Chance: func() float64 { return 0.5 },
	})
}

func (d *desk) Accept() (net.Conn, error) {
	c, ok := <-d.doors
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (d *desk) Close() error   { close(d.doors); return nil }
func (d *desk) Addr() net.Addr { return &net.UnixAddr{Name: "memory"} }

func (d *desk) all() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked)
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("Content-Type") != "application/octet-stream" || r.Header.Get("X-From") != "test" || r.Method != http.MethodPost {
		d.Errorf("%s with %v; want a POST of frames, with the headers that were asked for", r.Method, r.Header)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // given up
	}
	request, hello := d.note(strings.TrimPrefix(r.URL.Path, "/v1/play/"), body)
	d.mu.Lock()
	status, hold := d.status, d.hold
	d.mu.Unlock()
	if hold != nil {
		hold(request)
	}
	if status != nil {
		if code := status(request); code != 0 {
			w.WriteHeader(code)
			return
		}
	}
	switch {
	case hello != nil:
		linked := wire.Linked{Resumed: hello.Seen > 0}
		_, _ = w.Write(frames(wire.Opened{Conn: "the name"}, linked))
		if !linked.Resumed {
			_, _ = w.Write(frames(welcome))
		}
		_ = http.NewResponseController(w).Flush()
		if request == "stream" {
			<-r.Context().Done()
		}
	case strings.HasPrefix(request, "poll"):
		select {
		case <-r.Context().Done():
		case <-time.After(time.Second):
			_, _ = w.Write(frames(wire.Snapshot{Tick: 101, View: board{}}))
		}
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// note writes down what a request is, and gives its hello.
func (d *desk) note(path string, body []byte) (request string, hello *wire.Hello) {
	d.mu.Lock()
	defer d.mu.Unlock()
	request = path
	for r := bufio.NewReader(bytes.NewReader(body)); ; {
		frame, err := wire.ReadFrame(r, wire.MaxFrame)
		if err != nil {
			break
		}
		m, err := wire.DecodeClient(frame, testGame.CommandType())
		if err != nil {
			d.Error(err)
		}
		switch m := m.(type) {
		case wire.Hello:
			hello = &m
		case wire.Post:
			if m.Conn != "the name" {
				d.Errorf("a request of %q, want the name that was opened", m.Conn)
			}
			request += " " + string('0'+rune(m.N))
		default:
			d.said = append(d.said, m)
		}
	}
	d.asked = append(d.asked, request)
	return request, hello
}

func frames(messages ...wire.Message) (body []byte) {
	for _, m := range messages {
		f, err := wire.Encode(m)
		if err != nil {
			panic(err)
		}
		body = wire.AppendFrame(body, f)
	}
	return body
}

func TestPollsAndSaysAreCountedEach(t *testing.T) {
	atDesk(t, func(d *desk) {
		c, err := d.joins(client.Poll)
		if err != nil {
			d.Fatal(err)
		}
		defer c.Close()
		time.Sleep(2500 * time.Millisecond)
		asked := d.all()
		var polls, says []string
		for _, a := range asked {
			if strings.HasPrefix(a, "poll") {
				polls = append(polls, a)
			} else {
				says = append(says, a)
			}
		}
		if want := []string{"poll", "poll 1", "poll 2", "poll 3"}; !slices.Equal(polls, want) {
			d.Errorf("polled %q, want %q: the next when the last was answered", polls, want)
		}
		if len(says) < 1 || !slices.IsSorted(says) || says[0] != "say 1" {
			d.Errorf("said %q, want say 1, 2 ...", says)
		}
	})
}

func TestWhatIsSaidWhileARequestIsUnderWayGoesTogetherWithTheNext(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.hold = func(request string) {
			if request == "say 1" {
				time.Sleep(time.Second)
			}
		}
		c, err := d.joins(client.Stream)
		if err != nil {
			d.Fatal(err)
		}
		defer c.Close()
		synctest.Wait() // the first ping is under way
		for i := range int8(20) {
			if err := c.Input(1, move{i}); err != nil {
				d.Errorf("input: %v", err)
			}
		}
		time.Sleep(900 * time.Millisecond)
		if got, want := d.all(), []string{"stream", "say 1"}; !slices.Equal(got, want) {
			d.Errorf("asked %q, want %q: one at a time", got, want)
		}
		time.Sleep(99 * time.Millisecond)
		before := len(d.all())
		time.Sleep(2 * time.Millisecond)
		if got := d.all(); len(got) != before+1 || got[len(got)-1] != "say 2" {
			d.Errorf("asked %q, want one more: all that waited goes together", got)
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		inputs := 0
		for _, m := range d.said {
			if _, ok := m.(wire.Input); ok {
				inputs++
			}
		}
		if inputs != 20 {
			d.Errorf("%d inputs came, want all 20, in order", inputs)
		}
	})
}

func TestWhatAnAnswerWithoutFramesMeans(t *testing.T) {
	for status, comesBack := range map[int]bool{
		400: false, 403: false, 413: false, 415: false,
		408: true, 409: true, 410: true, 503: true, 502: true, 500: true,
	} {
		atDesk(t, func(d *desk) {
			bad := true
			d.status = func(request string) int {
				if bad && request == "say 1" {
					bad = false
					return status
				}
				return 0
			}
			c, err := d.joins(client.Stream)
			if err != nil {
				d.Fatal(err)
			}
			defer c.Close()
			time.Sleep(500 * time.Millisecond)
			synctest.Wait()
			if comesBack {
				if got := d.all(); c.Err() != nil || len(got) < 3 || got[2] != "stream" {
					d.Errorf("%d: ended with %v after %q, want to come back", status, c.Err(), got)
				}
				return
			}
			if _, ok := errors.AsType[*client.Closed](c.Err()); !ok {
				d.Errorf("%d: ended with %v, want closed for good: what was sent is wrong", status, c.Err())
			}
		})
		atDesk(t, func(d *desk) {
			d.status = func(string) int { return status }
			if _, err := d.joins(client.Poll); err == nil {
				d.Errorf("joined, though the server answered %d", status)
			}
		})
	}
}

func TestAStreamThatIsKeptBackIsNoConnection(t *testing.T) {
	atDesk(t, func(d *desk) {
		d.hold = func(request string) {
			if request == "stream" {
				time.Sleep(time.Minute)
			}
		}
		began := time.Now()
		_, err := d.joins(client.Stream)
		if took := time.Since(began); err == nil || took != 10*time.Second {
			d.Errorf("joined after %v with %v, want to give up after 10 s", took, err)
		}
		time.Sleep(time.Minute)
	})
}
