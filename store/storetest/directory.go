package storetest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"tickroom/store"
)

// These tests are of what servers tell each other, one call after the other.

// cardOf makes the card of the n-th room, with the players of the given numbers.
func cardOf(n int, players ...int) store.Card {
	c := store.Card{
		Room: matchID(n), Code: fmt.Sprintf("CODE%d", n), Game: "arena", Status: "running", Terms: "8 seats",
		Listed: true, Joinable: true, Players: []string{}, Body: fmt.Appendf([]byte{0, 0xff}, "card %d", n),
	}
	for _, p := range players {
		c.Players = append(c.Players, playerID(p))
	}
	return c
}

func show(t tester, s store.Directory, l store.Lease, cards ...store.Card) {
	t.Helper()
	if err := s.Show(t.Context(), l, cards); err != nil {
		t.Fatalf("showing %d cards under a good lease: %v", len(cards), err)
	}
}

func report(t tester, s store.Directory, l store.Lease, r store.Server) {
	t.Helper()
	if err := s.Report(t.Context(), l, r); err != nil {
		t.Fatalf("reporting under a good lease: %v", err)
	}
}

func cards(t testing.TB, s store.Directory, q store.CardQuery) []store.Card {
	t.Helper()
	found, err := s.Cards(t.Context(), q)
	if err != nil {
		t.Fatalf("listing cards by %+v: %v", q, err)
	}
	return found
}

// shown gives the rooms of a page of cards.
func shown(t testing.TB, s store.Directory, q store.CardQuery) []string {
	t.Helper()
	rooms := []string{}
	for _, c := range cards(t, s, q) {
		rooms = append(rooms, c.Room)
	}
	return rooms
}

func living(t testing.TB, s store.Directory) []store.Server {
	t.Helper()
	found, err := s.Servers(t.Context())
	if err != nil {
		t.Fatalf("listing servers: %v", err)
	}
	return found
}

// by is a card as it is read, when a server showed it.
func by(server string, c store.Card) store.Card {
	c.Server = server
	return c
}

func serversReport(t *testing.T, s store.Store) {
	b, a := enlist(t, s, "b"), enlist(t, s, "a")
	equal(t, living(t, s), []store.Server{}, "who has not reported is not listed")
	inA := store.Server{Name: "another", Address: "http://10.0.0.1:80", Public: "https://a.example.com", Load: 1250, Full: true}
	inB := store.Server{Address: "http://b\x00:80", Load: -1}
	report(t, s, b, inB)
	report(t, s, a, inA)
	inA.Name, inB.Name, inB.Address = "a", "b", "http://b\uFFFD:80"
	equal(t, living(t, s), []store.Server{inA, inB}, "they come by name, which is that of the lease, and as they reported")
	inB.Load, inB.Address = 3, "http://b:81"
	report(t, s, b, inB)
	equal(t, living(t, s), []store.Server{inA, inB}, "a report takes the place of the one before")
	write(t, s, b, opened(1))
	if server, address, err := s.Where(t.Context(), matchID(1)); err != nil || server != "b" || address != "http://b:81" {
		t.Errorf("a room of b is at %q, %q, %v; want the address it reported last", server, address, err)
	}

	end(t, s, a, 0)
	equal(t, living(t, s), []store.Server{inB}, "whose lease has ended does not live")
	refused(t, s.Report(t.Context(), a, inA), store.ErrFenced, "reporting then")
	if err := s.Renew(t.Context(), a); err != nil {
		t.Fatalf("renewing: %v", err)
	}
	equal(t, living(t, s), []store.Server{inA, inB}, "and lives again when it is renewed")
	a = enlist(t, s, "a")
	equal(t, living(t, s), []store.Server{inB}, "what a process reported is not its successor's report")
	report(t, s, a, inA)
	release(t, s, b)
	equal(t, living(t, s), []store.Server{inA}, "who released its rooms is gone")
}

func cardIsRead(t *testing.T, s store.Store) {
	a, b := enlist(t, s, "a"), enlist(t, s, "b")
	first, bare := cardOf(1, 3, 1, 3), store.Card{Room: matchID(2)}
	first.Server = "somebody else"
	show(t, s, a, first, bare)
	bare.Players, bare.Body = []string{}, []byte{}
	equal(t, cards(t, s, store.CardQuery{}), []store.Card{by("a", bare), by("a", first)},
		"cards come back, the newest room first, by who showed them, with empty players and body for none")

	second := cardOf(1, 2)
	second.Code, second.Game, second.Status, second.Terms, second.Body = "OTHER", "battleship", "waiting", "2 seats", []byte("new")
	second.Listed, second.Joinable = false, false
	show(t, s, b, second, bare)
	equal(t, cards(t, s, store.CardQuery{}), []store.Card{by("b", bare), by("b", second)}, "a card takes the place of the one before in all it says, whoever showed that")
	for _, q := range []store.CardQuery{{Code: "CODE1"}, {Game: "arena"}, {Player: playerID(1)}, {Player: playerID(3)}, {NotServer: "b"}, {Listed: true}} {
		equal(t, shown(t, s, q), []string{}, fmt.Sprintf("the one before is not found any more, by %+v", q))
	}

	third, fourth := cardOf(1, 4), cardOf(1, 5)
	show(t, s, a, third, bare, fourth)
	equal(t, cards(t, s, store.CardQuery{Room: matchID(1)}), []store.Card{by("a", fourth)}, "of two for one room the last counts")
	equal(t, shown(t, s, store.CardQuery{Player: playerID(4)}), []string{}, "and the other's players are not found")
	show(t, s, a)
	equal(t, len(cards(t, s, store.CardQuery{})), 2, "showing nothing changes nothing")
}

func cardsFound(t *testing.T, s store.Store) {
	a, b := enlist(t, s, "a"), enlist(t, s, "b")
	one, two, three, four := cardOf(1, 1, 2), cardOf(2, 2), cardOf(3), cardOf(4, 1)
	two.Game, two.Listed = "battleship", false
	three.Status, three.Terms = "waiting", "2 seats"
	four.Joinable, four.Code = false, ""
	show(t, s, a, one, three)
	show(t, s, b, two, four)
	for _, test := range []struct {
		q    store.CardQuery
		want []int
	}{
		{store.CardQuery{}, []int{4, 3, 2, 1}},
		{store.CardQuery{Room: matchID(2)}, []int{2}},
		{store.CardQuery{Room: matchID(9)}, nil},
		{store.CardQuery{Code: "CODE3"}, []int{3}},
		{store.CardQuery{Code: "code3"}, nil},
		{store.CardQuery{Game: "arena"}, []int{4, 3, 1}},
		{store.CardQuery{Status: "waiting"}, []int{3}},
		{store.CardQuery{Terms: "8 seats"}, []int{4, 2, 1}},
		{store.CardQuery{Player: playerID(2)}, []int{2, 1}},
		{store.CardQuery{NotServer: "a"}, []int{4, 2}},
		{store.CardQuery{NotServer: "nobody"}, []int{4, 3, 2, 1}},
		{store.CardQuery{Listed: true}, []int{4, 3, 1}},
		{store.CardQuery{Joinable: true}, []int{3, 2, 1}},
		{store.CardQuery{Before: matchID(3)}, []int{2, 1}},
		{store.CardQuery{Limit: 2}, []int{4, 3}},
		{store.CardQuery{Game: "arena", Terms: "8 seats", Joinable: true}, []int{1}},
		{store.CardQuery{Game: "arena", Listed: true, NotServer: "b", Before: matchID(3), Limit: 1}, []int{1}},
		{store.CardQuery{Room: matchID(1), Code: "CODE1", Game: "arena", Status: "running", Terms: "8 seats", Player: playerID(1), NotServer: "b",
			Listed: true, Joinable: true, Before: matchID(2), Limit: 1}, []int{1}},
		{store.CardQuery{Player: playerID(1), Joinable: true}, []int{1}},
		{store.CardQuery{Player: playerID(9)}, nil},
	} {
		want := []string{}
		for _, n := range test.want {
			want = append(want, matchID(n))
		}
		equal(t, shown(t, s, test.q), want, fmt.Sprintf("all fields that are not zero restrict: %+v", test.q))
	}
}

// manyCards are more than fit one statement, or one page.
func manyCards(t *testing.T, s store.Store) {
	const many, servers = 3000, 3
	for i := range servers {
		l := enlist(t, s, fmt.Sprint("server ", i))
		for first := 0; first < many; first += servers * store.MaxCards {
			some := []store.Card{}
			for n := first + i; n < min(first+servers*store.MaxCards, many); n += servers {
				some = append(some, cardOf(n, n, n+1))
			}
			show(t, s, l, some...)
		}
	}
	for limit, want := range map[int]int{0: store.MaxCards, -1: store.MaxCards, 1: 1, store.MaxCards: store.MaxCards, store.MaxCards + 1: store.MaxCards} {
		equal(t, len(cards(t, s, store.CardQuery{Limit: limit})), want, fmt.Sprintf("how many a page of limit %d has", limit))
	}
	for _, size := range []int{70, store.MaxCards} {
		next, q := many-1, store.CardQuery{Listed: true, Limit: size}
		for page := cards(t, s, q); len(page) > 0; page = cards(t, s, q) {
			for _, c := range page {
				if c.Room != matchID(next) || c.Server != fmt.Sprint("server ", next%servers) {
					t.Fatalf("in pages of %d room %s of %s comes where room %d should: each once, the newest first, whoever has it", size, c.Room, c.Server, next)
				}
				next--
			}
			q.Before = page[len(page)-1].Room
		}
		equal(t, next, -1, fmt.Sprintf("pages of %d have all rooms", size))
	}
	equal(t, shown(t, s, store.CardQuery{Player: playerID(1500)}), []string{matchID(1500), matchID(1499)}, "one player's rooms are found among all")
}

func cardsOfTheGone(t *testing.T, s store.Store) {
	a, b := enlist(t, s, "a"), enlist(t, s, "b")
	show(t, s, a, cardOf(1, 1), cardOf(2, 1))
	show(t, s, b, cardOf(3, 1))
	end(t, s, a, 0)
	equal(t, shown(t, s, store.CardQuery{}), []string{matchID(3)}, "cards of a server whose lease has ended are not listed")
	equal(t, shown(t, s, store.CardQuery{Player: playerID(1)}), []string{matchID(3)}, "nor found")
	refused(t, s.Show(t.Context(), a, []store.Card{cardOf(3), cardOf(4)}), store.ErrFenced, "showing under a lease that has ended")
	equal(t, cards(t, s, store.CardQuery{}), []store.Card{by("b", cardOf(3, 1))}, "such a Show changes nothing")
	if err := s.Renew(t.Context(), a); err != nil {
		t.Fatalf("renewing: %v", err)
	}
	equal(t, shown(t, s, store.CardQuery{}), []string{matchID(3), matchID(2), matchID(1)}, "they are there again when it is renewed")

	show(t, s, b, cardOf(1, 2))
	again := enlist(t, s, "a")
	equal(t, shown(t, s, store.CardQuery{}), []string{matchID(3), matchID(1)}, "a new process has none of the cards of the one before it, and others keep what they took over")
	refused(t, s.Show(t.Context(), a, []store.Card{cardOf(1)}), store.ErrFenced, "showing under a lease that another process has")
	equal(t, cards(t, s, store.CardQuery{Room: matchID(1)}), []store.Card{by("b", cardOf(1, 2))}, "who took the room over is seen to have it")
	report(t, s, again, store.Server{})
	equal(t, len(cards(t, s, store.CardQuery{NotServer: "b"})), 0, "reporting brings none back")
	show(t, s, again, cardOf(2, 3))
	release(t, s, b)
	equal(t, shown(t, s, store.CardQuery{}), []string{matchID(2)}, "cards of who released its rooms are not listed")
	equal(t, roomsOf(t, s, again), []string{}, "and none of this is in the journal")
}

func cardLimits(t *testing.T, s store.Store) {
	l := enlist(t, s, "a")
	full := cardOf(1)
	full.Body, full.Terms = bytes.Repeat([]byte{1}, store.MaxCard), strings.Repeat("t", store.MaxCardText)
	full.Game, full.Code, full.Status = full.Terms, full.Terms, full.Terms
	full.Players = nil
	for n := range store.MaxCardPlayers {
		full.Players = append(full.Players, fmt.Sprint(strings.Repeat("p", store.MaxCardText-2), n+10))
	}
	show(t, s, l, full)
	equal(t, cards(t, s, store.CardQuery{Player: full.Players[63]}), []store.Card{by("a", full)}, "a card at all limits comes back as it was")

	for why, change := range map[string]func(*store.Card){
		"its body":               func(c *store.Card) { c.Body = append(c.Body, 1) },
		"its players":            func(c *store.Card) { c.Players = append(c.Players, "one more") },
		"a player":               func(c *store.Card) { c.Players[1] += "x" },
		"its room":               func(c *store.Card) { c.Room = strings.Repeat("r", store.MaxCardText+1) },
		"its code":               func(c *store.Card) { c.Code += "x" },
		"its game":               func(c *store.Card) { c.Game += "x" },
		"its status":             func(c *store.Card) { c.Status += "x" },
		"its terms, as are kept": func(c *store.Card) { c.Terms = c.Terms[1:] + "\x00" },
	} {
		large := by("", full)
		large.Players = append([]string{}, full.Players...)
		change(&large)
		err := s.Show(t.Context(), l, []store.Card{cardOf(2), large})
		refused(t, err, store.ErrTooLarge, "a card too large by "+why)
		if err != nil && (!strings.Contains(err.Error(), " of at most ") || len(err.Error()) > 300) {
			t.Errorf("too large by %s: the answer is %q, want the limit in it, and not all of it", why, err)
		}
	}
	refused(t, s.Show(t.Context(), l, make([]store.Card, store.MaxCards+1)), store.ErrTooLarge, "more cards than one call takes")
	equal(t, shown(t, s, store.CardQuery{}), []string{matchID(1)}, "nothing of what was refused is there")
	longer := strings.Repeat("r", 1<<20)
	equal(t, shown(t, s, store.CardQuery{Room: longer, Code: longer, Player: longer, Terms: longer}), []string{}, "what no card can have is found in none")
}

func cardText(t *testing.T, s store.Store) {
	const name = "a\x00\xff'; --"
	a, b := enlist(t, s, name), enlist(t, s, "b")
	for _, text := range []struct{ given, kept string }{
		{"Zoë 🚀 \u202ertl", "Zoë 🚀 \u202ertl"},
		{`'; drop table cards; -- $1 ? \ "`, `'; drop table cards; -- $1 ? \ "`},
		{"line\r\n\ttab\x01\u2028<&>", "line\r\n\ttab\x01\u2028<&>"},
		{"a\x00b\x00", "a\uFFFDb\uFFFD"},
		{"bad \xff\xfe \xc3", "bad \uFFFD \uFFFD"},
		{`[]`, `[]`},
		{`%_*`, `%_*`},
	} {
		c := store.Card{
			Room: text.given, Code: text.given, Game: text.given, Status: text.given, Terms: text.given,
			Players: []string{"", text.given, "x"}, Body: []byte(text.given),
		}
		want := store.Card{
			Room: text.kept, Server: store.Text(name), Code: text.kept, Game: text.kept, Status: text.kept, Terms: text.kept,
			Players: []string{"", text.kept, "x"}, Body: []byte(text.given),
		}
		show(t, s, a, c, c)
		for _, q := range []store.CardQuery{
			{Room: text.given}, {Code: text.given}, {Game: text.given}, {Status: text.given}, {Terms: text.given}, {Player: text.given},
		} {
			equal(t, cards(t, s, q), []store.Card{want}, fmt.Sprintf("a card of %q is found as it is kept, by %+v", text.given, q))
		}
		show(t, s, a, store.Card{Room: text.given})
		equal(t, shown(t, s, store.CardQuery{Player: text.given}), []string{}, "and its player is gone from it")
	}
	show(t, s, b, cardOf(1))
	equal(t, shown(t, s, store.CardQuery{NotServer: name}), []string{matchID(1)}, "a server's name is text too")
}

// shareDirectory lets each of two servers see what the other shows.
func shareDirectory(t *testing.T, a, b store.Store) {
	one, two := enlist(t, a, "one"), enlist(t, b, "two")
	report(t, a, one, store.Server{Load: 1})
	report(t, b, two, store.Server{Load: 2})
	show(t, a, one, cardOf(1, 1), cardOf(2))
	show(t, b, two, cardOf(3, 1), cardOf(2))
	for _, s := range []store.Store{a, b} {
		equal(t, living(t, s), []store.Server{{Name: "one", Load: 1}, {Name: "two", Load: 2}}, "both servers know of both")
		equal(t, shown(t, s, store.CardQuery{Player: playerID(1)}), []string{matchID(3), matchID(1)}, "and of the rooms of both")
		equal(t, shown(t, s, store.CardQuery{NotServer: "one"}), []string{matchID(3), matchID(2)}, "of which each is where it was shown last")
	}
	release(t, a, one)
	equal(t, shown(t, b, store.CardQuery{}), []string{matchID(3), matchID(2)}, "what one has given back the other does not see")
	release(t, b, two)
}

// ClosedGo tests that the cards of closed rooms stay for as long as they should
// and then go. age makes all that was shown older.
func ClosedGo(t *testing.T, s store.Store, age func(time.Duration)) {
	l, other := enlist(t, s, "a"), enlist(t, s, "b")
	older := func(d time.Duration) {
		age(d)
		for _, l := range []store.Lease{l, other} { // which may be older too
			if err := s.Renew(t.Context(), l); err != nil {
				t.Fatalf("renewing: %v", err)
			}
		}
	}
	over, last, open := cardOf(1, 1), cardOf(2), cardOf(3)
	over.Status, last.Status = store.CardClosed, store.CardClosed
	show(t, s, l, over, last, open)
	older(store.ClosedStays - time.Minute)
	show(t, s, l, last)
	show(t, s, other)
	equal(t, shown(t, s, store.CardQuery{}), []string{matchID(3), matchID(2), matchID(1)}, "what was closed is found for a while")
	older(2 * time.Minute)
	show(t, s, other)
	equal(t, shown(t, s, store.CardQuery{}), []string{matchID(3), matchID(2)}, "then it goes, with any Show; what was shown later stays, and what is not closed")
	equal(t, shown(t, s, store.CardQuery{Player: playerID(1)}), []string{}, "and nobody is found in it")
	older(store.ClosedStays)
	last.Status = "running"
	show(t, s, l, last)
	equal(t, shown(t, s, store.CardQuery{}), []string{matchID(3), matchID(2)}, "what is shown again is not old")
}
