package client_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"tickroom/net/client"
	"tickroom/net/wire"
)

// Where the tests' rooms are: the place that Join is given, and others.
const (
	plain = "play.test/v1/play"
	there = "b.test/v1/play?room=7"
)

// moves is a part of a script: hello is answered with another place.
func moves(seen uint32, url string) func(*server) {
	return func(s *server) {
		s.greeted(seen)
		s.moves(url)
	}
}

func (s *server) moves(url string) {
	s.sends(wire.Moved{URL: url})
	s.closes(wire.CloseMoved, "The room goes on at another server.")
}

// handsOver is one: welcomed, and sent elsewhere.
func handsOver(url string) func(*server) {
	return func(s *server) {
		s.welcomes()
		s.moves(url)
	}
}

func (s *stage) wentTo(why string, want ...string) {
	s.Helper()
	if got := s.places(); !slices.Equal(got, want) {
		s.Errorf("went to %q, want %q: %s", got, want, why)
	}
}

// waits is how long each pause was.
func (s *stage) waits() (all []time.Duration) {
	for _, d := range s.drops() {
		all = append(all, d.Wait)
	}
	return all
}

func TestWhoIsToldWhereTheRoomIsGoesThereAtOnce(t *testing.T) {
	play(t, []func(*server){moves(0, "wss://b.test/"), moves(0, "ws://"+there), stays}, func(s *stage) {
		_, err := s.join()
		if err == nil {
			s.Error("TLS is not spoken here; the place that was told is gone to, by TLS where it says so")
		}
		s.wentTo("and the server there was not reached", plain)
	})
	play(t, []func(*server){moves(0, "http://"+there), stays}, func(s *stage) {
		began := time.Now()
		c := s.mustJoin()
		s.wentTo("the room is there", plain, there)
		if waited := time.Since(began); waited > 0 || len(s.drops()) > 0 {
			s.Errorf("waited %v, dropped %v; want neither: nothing was lost", waited, s.drops())
		}
		c.Close()
	})
}

func TestALinkThatIsHandedOverGoesOnAtTheOtherServer(t *testing.T) {
	play(t, []func(*server){handsOver("ws://" + there), func(s *server) {
		s.resumes(1, 0)
		s.wants(wire.Command{N: 1, Data: move{1}}, "what was asked goes on there")
		s.sends(wire.Reply{N: 1})
		s.flushes()
	}, staysAgain2}, func(s *stage) {
		c := s.mustJoin()
		synctest.Wait()
		if err := c.Command(s.Context(), move{1}); err != nil {
			s.Error(err)
		}
		time.Sleep(time.Second)
		s.wentTo("once moved, it comes back to where the room is", plain, there, there)
		if got := s.waits(); !slices.Equal(got, []time.Duration{0, 125 * time.Millisecond}) {
			s.Errorf("waited %v; want no time for the move, and then as after any loss", got)
		}
		c.Close()
	})
}

// staysAgain2 is staysAgain with one reply seen.
func staysAgain2(s *server) {
	s.resumes(2, 1)
	s.untilGone()
}

func TestAPlaceThatIsGoneIsTriedInTurnWithTheFirst(t *testing.T) {
	play(t, []func(*server){handsOver("ws://" + there), nil, nil, nil, staysAgain}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(10 * time.Second)
		s.wentTo("nobody is stranded: the first place knows where the room is", plain, there, plain, there, plain)
		c.Close()
	})
	play(t, []func(*server){handsOver("ws://" + there), nil, moves(1, "ws://c.test/v1/play?room=7"), staysAgain}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(10 * time.Second)
		s.wentTo("and says so again", plain, there, plain, "c.test/v1/play?room=7")
		c.Close()
	})
}

func TestWhoAnswersThatItIsBusyIsAskedAgain(t *testing.T) {
	play(t, []func(*server){handsOver("ws://" + there), func(s *server) {
		s.greeted(1)
		s.closes(wire.CloseBusy, "The room is not here yet.")
	}, staysAgain}, func(s *stage) {
		c := s.mustJoin()
		time.Sleep(time.Second)
		s.wentTo("the room is on its way there", plain, there, there)
		c.Close()
	})
}

func TestServersThatSendARoundInACircleAreNotRunAfter(t *testing.T) {
	script := []func(*server){stays2}
	for i := range 7 {
		script = append(script, moves(1, fmt.Sprintf("ws://%d.test/v1/play", i)))
	}
	play(t, append(script, staysAgain), func(s *stage) {
		c := s.mustJoin()
		time.Sleep(30 * time.Second)
		waits := s.waits()
		if len(waits) != 8 || slices.Max(waits[:5]) != 0 || slices.Min(waits[5:]) == 0 {
			s.Errorf("waited %v; want four moves at once, and pauses before the others", waits)
		}
		c.Close()
	})
	play(t, slices.Repeat([]func(*server){moves(0, "ws://"+there)}, 9), func(s *stage) {
		_, err := s.join()
		if closed, ok := errors.AsType[*client.Closed](err); !ok || closed.Code != wire.CloseMoved {
			s.Errorf("got %v, want that it is always elsewhere", err)
		}
		if n := len(s.places()); n != 5 {
			s.Errorf("went to %d places, want five: the first, and four moves", n)
		}
	})
}

// stays2 is welcomed, and cut when it has held.
func stays2(s *server) {
	s.welcomes()
	s.flushes()
	time.Sleep(6 * time.Second)
}

func TestAPlaceThatNobodyShouldGoToIsNone(t *testing.T) {
	for _, url := range []string{
		"", "b.test/v1/play", "/v1/play", "ftp://b.test/", "javascript:alert(1)", "ws://", "ws://%zz/", "ws://b.test/" + strings.Repeat("x", wire.MaxURL),
	} {
		play(t, []func(*server){handsOver(url), staysAgain}, func(s *stage) {
			c := s.mustJoin()
			time.Sleep(time.Second)
			s.wentTo(fmt.Sprintf("%.40q is no channel", url), plain, plain)
			c.Close()
		})
	}
}

func TestSecretsStaySecret(t *testing.T) {
	for _, c := range []struct {
		first, said, want string
	}{
		{"ws://a.test/", "ws://b.test/", "ws://b.test/"},
		{"ws://a.test/", "http://b.test/", "ws://b.test/"},
		{"ws://a.test/", "wss://b.test/", "wss://b.test/"},
		{"wss://a.test/", "https://b.test/", "wss://b.test/"},
		{"wss://a.test/", "ws://b.test/", ""},
		{"wss://a.test/", "http://b.test/", ""},
		{"wss://a.test/", "WS://b.test/", ""},
	} {
		if got := client.MovedTo(c.first, c.said); got != c.want {
			t.Errorf("from %s to %s: got %q, want %q: a ticket is not to be read on the way", c.first, c.said, got, c.want)
		}
	}
}

func TestRequestsKeepTheQuery(t *testing.T) {
	if got, want := client.Below("wss://a.test:99/v1/play?room=7&x=y", "stream"), "https://a.test:99/v1/play/stream?room=7&x=y"; got != want {
		t.Errorf("got %s, want %s: a server that forwards must know the room before it reads the ticket", got, want)
	}
}
