package storetest

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"tickroom/store"
)

// card is one that was shown. Guarded by Memory.mu.
type card struct {
	store.Card
	epoch uint64 // of the lease it was shown under
	shown time.Time
}

// Report tells the others how the caller is.
func (m *Memory) Report(ctx context.Context, l store.Lease, s store.Server) error {
	leave, err := m.enterLeased(ctx, l)
	if err != nil {
		return err
	}
	defer leave()
	s.Name, s.Address, s.Public = l.Server, store.Text(s.Address), store.Text(s.Public)
	m.servers[l.Server].Server, m.servers[l.Server].reported = s, true
	return nil
}

// Servers lists those whose lease is good and that have reported.
func (m *Memory) Servers(ctx context.Context) ([]store.Server, error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	found := []store.Server{}
	for _, s := range m.servers {
		if s.reported && s.good(s.epoch) {
			found = append(found, s.Server)
		}
	}
	slices.SortFunc(found, func(a, b store.Server) int { return cmp.Compare(a.Name, b.Name) })
	return found, nil
}

// Show tells how rooms of the caller are seen.
func (m *Memory) Show(ctx context.Context, l store.Lease, cards []store.Card) error {
	if err := store.CheckCards(cards); err != nil {
		return err
	}
	leave, err := m.enterLeased(ctx, l)
	if err != nil {
		return err
	}
	defer leave()
	now := time.Now()
	maps.DeleteFunc(m.cards, func(_ string, c *card) bool {
		return c.Status == store.CardClosed && now.Sub(c.shown) > store.ClosedStays
	})
	for _, c := range cards {
		c = keptCard(c)
		c.Server = l.Server
		m.cards[c.Room] = &card{c, l.Epoch, now}
	}
	return nil
}

// Cards lists the newest rooms first.
func (m *Memory) Cards(ctx context.Context, q store.CardQuery) ([]store.Card, error) {
	leave, err := m.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	found := []store.Card{}
	for _, c := range m.cards {
		if m.servers[c.Server].good(c.epoch) && asked(q, c.Card) {
			found = append(found, keptCard(c.Card))
		}
	}
	slices.SortFunc(found, func(a, b store.Card) int { return cmp.Compare(b.Room, a.Room) })
	return found[:min(len(found), q.Page())], nil
}

// asked says whether a query selects a card.
func asked(q store.CardQuery, c store.Card) bool {
	is := func(want, got string) bool { return want == "" || store.Text(want) == got }
	return is(q.Room, c.Room) && is(q.Code, c.Code) && is(q.Game, c.Game) && is(q.Status, c.Status) && is(q.Terms, c.Terms) &&
		(q.Player == "" || slices.Contains(c.Players, store.Text(q.Player))) &&
		(q.NotServer == "" || store.Text(q.NotServer) != c.Server) &&
		(!q.Listed || c.Listed) && (!q.Joinable || c.Joinable) &&
		(q.Before == "" || c.Room < store.Text(q.Before))
}

// keptCard is a card as it is read again, and shares nothing with the one given.
func keptCard(c store.Card) store.Card {
	c.Room, c.Code, c.Game = store.Text(c.Room), store.Text(c.Code), store.Text(c.Game)
	c.Status, c.Terms = store.Text(c.Status), store.Text(c.Terms)
	players := make([]string, len(c.Players))
	for i, p := range c.Players {
		players[i] = store.Text(p)
	}
	c.Players, c.Body = players, copied(c.Body)
	return c
}
