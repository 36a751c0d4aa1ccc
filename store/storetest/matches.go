package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"tickroom/store"
)

// These tests are of single things: saved, read, saved again.

func playerIsRead(t *testing.T, s store.Store) {
	p := store.Player{ID: playerID(1), Name: "Zoë 🚀", CreatedAt: day.Add(123*time.Millisecond + 456*time.Microsecond)}
	if err := s.SavePlayer(t.Context(), p); err != nil {
		t.Fatalf("saving a player: %v", err)
	}
	got, err := s.Player(t.Context(), p.ID)
	if err != nil {
		t.Fatalf("reading the player: %v", err)
	}
	p.CreatedAt = day.Add(123 * time.Millisecond)
	equal(t, got, p, "a player comes back, with milliseconds and in UTC")
}

func playerStays(t *testing.T, s store.Store) {
	first := store.Player{ID: playerID(1), Name: "first", CreatedAt: day}
	for _, p := range []store.Player{first, {ID: first.ID, Name: "second", CreatedAt: day.Add(time.Hour)}} {
		if err := s.SavePlayer(t.Context(), p); err != nil {
			t.Fatalf("saving a player who is there must be no error: %v", err)
		}
	}
	got, err := s.Player(t.Context(), first.ID)
	if err != nil {
		t.Fatalf("reading the player: %v", err)
	}
	equal(t, got, first, "saving again changes nothing")
}

func notFound(t *testing.T, s store.Store) {
	save(t, s, match(1, 1))
	for _, id := range []string{matchID(2), "", "no uuid at all", "nul\x00", "\xff", "' or 1=1 --"} {
		_, playerErr := s.Player(t.Context(), id)
		_, matchErr := s.Match(t.Context(), id)
		_, logErr := s.MatchLog(t.Context(), id)
		for of, err := range map[string]error{"Player": playerErr, "Match": matchErr, "MatchLog": logErr} {
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%s(%q) = %v, want ErrNotFound, since no row has the id", of, id, err)
			}
		}
	}
	equal(t, listIDs(t, s, store.MatchQuery{Game: "nothing"}), []string{}, "a list of a game nobody played is empty, not an error")
}

func matchIsRead(t *testing.T, s store.Store) {
	want := match(1, 4, 2, 3)
	want.Players[2].Left = true
	save(t, s, want)
	equal(t, readLog(t, s, want.ID), want.Log, "the log comes back")
	want.Log = nil
	equal(t, read(t, s, want.ID), want, "all but the log comes back, though nobody in it is a player the store knows")
	equal(t, list(t, s, store.MatchQuery{}), []store.Match{want}, "the list has what reading one has")
}

func emptyMatchIsRead(t *testing.T, s store.Store) {
	save(t, s, store.Match{ID: matchID(1)})
	got := read(t, s, matchID(1))
	equal(t, got, store.Match{ID: matchID(1), Options: map[string]int{}}, "zero values come back as they are, also zero times")
	if log := readLog(t, s, matchID(1)); log == nil || len(log) != 0 {
		t.Errorf("the log is %#v, want one of no bytes, which is not the same as none", log)
	}
}

func matchStays(t *testing.T, s store.Store) {
	first := match(1, 1, 2)
	second := match(1, 3, 4, 5)
	second.Game, second.Reason, second.Log = "battleship", "left", []byte("other")
	save(t, s, first, second, first)
	equal(t, readLog(t, s, first.ID), first.Log, "saving again does not touch the log")
	first.Log = nil
	equal(t, read(t, s, first.ID), first, "saving again changes nothing, not even who played")
	equal(t, listIDs(t, s, store.MatchQuery{PlayerID: playerID(3)}), []string{}, "nobody of the second saving was added")
}

func matchSavedByMany(t *testing.T, s store.Store) {
	const many = 20
	errs := make([]error, many)
	var start, all sync.WaitGroup
	start.Add(1)
	for i := range many {
		all.Go(func() {
			start.Wait()
			m := match(1, 1, 2)
			m.Reason = fmt.Sprint("by ", i)
			m.Players[0].Name, m.Log = m.Reason, []byte(m.Reason)
			errs[i] = s.SaveMatch(t.Context(), m)
		})
	}
	start.Done()
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		t.Fatalf("saving the same match at once must be no error for any: %v", err)
	}
	got := read(t, s, matchID(1))
	equal(t, len(got.Players), 2, "each player is there once")
	equal(t, got.Players[0].Name, got.Reason, "players are of the saving that won")
	equal(t, string(readLog(t, s, matchID(1))), got.Reason, "and so is the log")
}

func playersInOrder(t *testing.T, s store.Store) {
	m := match(1)
	for _, p := range []struct{ seat, place int }{{0, 0}, {3, 2}, {1, 2}, {5, 1}, {4, 0}} {
		m.Players = append(m.Players, store.MatchPlayer{PlayerID: playerID(p.seat), Seat: p.seat, Place: p.place})
	}
	save(t, s, m)
	seats := []int{}
	for _, p := range read(t, s, m.ID).Players {
		seats = append(seats, p.Seat)
	}
	equal(t, seats, []int{5, 1, 3, 0, 4}, "first comes who won, then by seat among equals, then who has no place")
}

func playerCameTwice(t *testing.T, s store.Store) {
	m := match(1, 1, 2)
	m.Players = []store.MatchPlayer{
		{PlayerID: playerID(1), Name: "before", Seat: 0, Left: true},
		{PlayerID: playerID(2), Name: "other", Seat: 0, Left: true},
		{PlayerID: playerID(1), Name: "after", Seat: 0, Left: true},
	}
	save(t, s, m)
	equal(t, read(t, s, m.ID).Players, m.Players, "one seat had three owners, told in the order given")
	equal(t, listIDs(t, s, store.MatchQuery{PlayerID: playerID(1), Viewer: playerID(1)}), []string{m.ID}, "it is one match all the same")
}

func manyPlayers(t *testing.T, s store.Store) {
	m := match(1)
	for i := range 1050 {
		m.Players = append(m.Players, store.MatchPlayer{PlayerID: playerID(i), Name: "x", Seat: i, Place: i + 1})
	}
	save(t, s, m)
	equal(t, read(t, s, m.ID).Players, m.Players, "every player is there")
}

func largeLog(t *testing.T, s store.Store) {
	m := match(1, 1)
	m.Log = make([]byte, 5<<20)
	rand.NewChaCha8([32]byte{1}).Read(m.Log)
	save(t, s, m)
	if got := readLog(t, s, m.ID); !bytes.Equal(got, m.Log) {
		t.Errorf("a log of %d random bytes came back as %d others", len(m.Log), len(got))
	}
}

func edgesOfNumbers(t *testing.T, s store.Store) {
	for n, seed := range []uint64{0, 1, math.MaxInt64, math.MaxInt64 + 1, math.MaxUint64} {
		m := match(n+1, 1)
		m.Log = nil
		m.Seed, m.StateHash, m.Ticks = seed, ^seed, math.MaxUint32
		m.Options = map[string]int{"least": math.MinInt, "most": math.MaxInt}
		m.Players[0].Score = math.MinInt
		m.StartedAt, m.EndedAt = time.UnixMilli(-1).UTC(), day.Add(999*time.Millisecond)
		save(t, s, m)
		equal(t, read(t, s, m.ID), m, "no bit of a number is lost")
	}
}

func textIsKept(t *testing.T, s store.Store) {
	for n, text := range []struct{ given, kept string }{
		{"", ""},
		{"Zoë 🚀 李小龍 \u202ertl e\u0301", "Zoë 🚀 李小龍 \u202ertl e\u0301"},
		{"'; drop table players; -- $1 ? \\", "'; drop table players; -- $1 ? \\"},
		{"line\r\n\ttab\x01", "line\r\n\ttab\x01"},
		{"a\x00b\x00", "a\uFFFDb\uFFFD"},
		{"bad \xff\xfe utf8 \xc3", "bad \uFFFD utf8 \uFFFD"},
	} {
		p := store.Player{ID: playerID(n), Name: text.given, CreatedAt: day}
		if err := s.SavePlayer(t.Context(), p); err != nil {
			t.Fatalf("saving a player named %q: %v", text.given, err)
		}
		got, err := s.Player(t.Context(), p.ID)
		if err != nil {
			t.Fatalf("reading the player named %q: %v", text.given, err)
		}
		equal(t, got.Name, text.kept, "a name is kept as store.Text says")

		m := match(n, n)
		m.Reason, m.Players[0].Name = text.given, text.given
		save(t, s, m)
		saved := read(t, s, m.ID)
		equal(t, []string{saved.Reason, saved.Players[0].Name}, []string{text.kept, text.kept}, "so are the texts of a match")
	}
	m := match(100, 1)
	m.ID, m.Log = "id\x00", nil
	save(t, s, m)
	m.ID = "id\uFFFD"
	equal(t, read(t, s, "id\x00"), m, "an id is looked up as it was kept")
}
