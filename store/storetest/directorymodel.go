package storetest

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tickroom/store"
)

// directoryLikeMemory lets servers come, go, report and show at random, on the
// store and on Memory, and expects the same lists. Runs follow each other on one
// store: each ends all of its leases.
func directoryLikeMemory(t *testing.T, s store.Store) {
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		m := &directoryModel{journalModel{store: s, memory: NewMemory(), run: run}}
		defer m.leave(t)
		m.enlist(t)
		t.Repeat(map[string]func(*rapid.T){
			"enlist":  m.enlist,
			"renew":   m.renew,
			"release": m.release,
			"report":  m.report,
			"show":    m.show,
			"list":    m.list,
		})
		m.list(t)
	})
}

// directoryModel is one run. Servers and leases are as the journal's.
type directoryModel struct {
	journalModel
}

func (m *directoryModel) report(t *rapid.T) {
	l, r := m.lease(t), store.Server{Address: rapid.String().Draw(t, "address"), Load: rapid.Int().Draw(t, "load"), Full: rapid.Bool().Draw(t, "full")}
	m.both(t, func(i int, s store.Store) error { return s.Report(t.Context(), l[i], r) })
}

func (m *directoryModel) show(t *rapid.T) {
	l := m.lease(t)
	some := rapid.SliceOfN(rapid.Custom(m.card), 0, 5).Draw(t, "cards")
	m.both(t, func(i int, s store.Store) error { return s.Show(t.Context(), l[i], some) })
}

// Few values, so that things meet; "" is one.
func (m *directoryModel) word(t *rapid.T, what string) string {
	return rapid.SampledFrom([]string{"", "one", "two"}).Draw(t, what)
}

func (m *directoryModel) card(t *rapid.T) store.Card {
	return store.Card{
		Room: m.anyRoom(t), Code: m.word(t, "code"), Game: m.word(t, "game"), Status: m.word(t, "status"), Terms: m.word(t, "terms"),
		Listed: rapid.Bool().Draw(t, "listed"), Joinable: rapid.Bool().Draw(t, "joinable"),
		Players: rapid.SliceOfN(rapid.SampledFrom([]string{"p", "q", "r"}), 0, 3).Draw(t, "players"),
		Body:    rapid.SliceOfN(rapid.Byte(), 0, 3).Draw(t, "body"),
	}
}

// list compares who lives and a page of cards: mostly by few fields, since by
// many there is mostly none.
func (m *directoryModel) list(t *rapid.T) {
	var servers [2][]store.Server
	m.both(t, func(i int, s store.Store) (err error) {
		servers[i], err = s.Servers(t.Context())
		return err
	})
	likewise(t, servers, "servers")

	q := store.CardQuery{Limit: rapid.IntRange(0, 3).Draw(t, "limit")}
	for range rapid.IntRange(0, 3).Draw(t, "restrictions") {
		m.restrict(t, &q)
	}
	var found [2][]store.Card
	m.both(t, func(i int, s store.Store) (err error) {
		found[i], err = s.Cards(t.Context(), q)
		return err
	})
	likewise(t, found, fmt.Sprintf("cards by %+v", q))
}

func (m *directoryModel) restrict(t *rapid.T, q *store.CardQuery) {
	c := m.card(t)
	switch rapid.IntRange(0, 8).Draw(t, "field") {
	case 0:
		q.Room = c.Room
	case 1:
		q.Code = c.Code
	case 2:
		q.Game = c.Game
	case 3:
		q.Status = c.Status
	case 4:
		q.Terms = c.Terms
	case 5:
		q.Player = "p"
	case 6:
		q.NotServer = m.lease(t)[0].Server
	case 7:
		q.Listed, q.Joinable = c.Listed, c.Joinable
	case 8:
		q.Before = c.Room
	}
}

// leave ends the leases of all servers.
func (m *directoryModel) leave(t *rapid.T) {
	for server := range 3 {
		if _, err := m.store.Enlist(t.Context(), fmt.Sprintf("server-%d-%d", m.run, server), "", -time.Hour); err != nil {
			t.Fatalf("ending a lease: %v", err)
		}
	}
}
