package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync/atomic"
	"testing"
	"time"

	"tickroom/game/room"
	"tickroom/net/link"
	"tickroom/net/ws"
	"tickroom/store/postgres/pgtest"
)

// The protocol's document is enough for a client in another language: this one
// was written from it alone, and shares no line with ours.
func TestClientWrittenFromTheDocumentAloneLosesNothing(t *testing.T) {
	t.Parallel()
	python, err := exec.LookPath("python3")
	if err != nil {
		if pgtest.Promised() {
			t.Fatal("python3 was promised and is not there: ", err)
		}
		t.Skip("needs python3: ", err)
	}
	s := start(t, "sqlite:"+filepath.Join(t.TempDir(), "tickroom.db"))
	defer s.stop()
	sign := &signpost{addr: s.addr}
	front := sign.stands(t)

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute+10*time.Second) // the program gives up after a minute and says where
	defer cancel()
	out, err := exec.CommandContext(ctx, python, "-X", "dev", "testdata/client.py", front, "../../net/wire/testdata/vectors.json").CombinedOutput()
	if err != nil {
		t.Fatalf("it ended with %v:\n%s", err, out)
	}
	if n := sign.asked.Load(); n < 2 {
		t.Errorf("asked %d times where the room is; the story begins at a server that has none", n)
	}
	if n := s.scrape(t, "tickroom_desyncs_total"); n != "0" {
		t.Errorf("%s views were read otherwise than they were sent", n)
	}
	want := regexp.MustCompile(`^[1-9]\d* vectors; cut, resumed; every message heard once and in order, both ways; left with 4505\n$`)
	if !want.Match(out) {
		t.Errorf("it printed %q, want the one line that says all was checked, and no warning", out)
	}
}

// signpost is a server that has no rooms, and says of each that it is at addr,
// where it gets its other answers too.
type signpost struct {
	addr  string
	asked atomic.Int32
}

// stands has it listen, and gives its address.
func (s *signpost) stands(t *testing.T) string {
	channel := ws.New(ws.Config{Hub: link.NewHub(link.Config{Host: s})})
	calls := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(&url.URL{Scheme: "http", Host: s.addr})
		r.Out.Host = r.In.Host // so that the channel is said to be here
	}}
	mux := http.NewServeMux()
	mux.Handle("/v1/play", channel)
	mux.Handle("/", calls)
	front := httptest.NewServer(mux)
	t.Cleanup(func() {
		if err := channel.Shutdown(context.Background()); err != nil {
			t.Error(err)
		}
		front.Close()
	})
	return front.Listener.Addr().String()
}

func (s *signpost) Await(context.Context, string) error { return nil }

func (s *signpost) Join(_ context.Context, ticket string, _ *link.Link) (link.Member, error) {
	s.asked.Add(1)
	id, ok := room.TicketRoom(ticket)
	if !ok {
		return nil, link.ErrTicket
	}
	return nil, &link.MovedError{URL: "ws://" + s.addr + "/v1/play?room=" + id}
}

// scrape is the value of a metric without labels.
func (s *running) scrape(t *testing.T, name string) string {
	response, err := http.Get("http://" + s.addr + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindSubmatch(text)
	if found == nil {
		t.Fatalf("%s is not among the metrics", name)
	}
	return string(found[1])
}
