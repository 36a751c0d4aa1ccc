package lobby

import (
	"bytes"
	"cmp"
	"context"
	"slices"

	"tickroom/store"
)

// listElsewhere is the rooms of other servers, as listHere is of this one. errStore.
func (l *Lobby) listElsewhere(ctx context.Context, in *roomQuery) ([]roomBody, error) {
	cards, err := l.cards(ctx, store.CardQuery{Listed: true, Game: in.Game, Status: in.Status, Before: in.Cursor, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	items := make([]roomBody, 0, len(cards))
	for _, c := range cards {
		b, err := bodyOf(c)
		if err != nil {
			l.cfg.Log.Warn("room of another server not listed", "err", err)
			continue
		}
		items = append(items, b)
	}
	return items, nil
}

// merge is both lists, newest first. A room that is changing servers may be in
// both: it is as the first has it.
func merge(first, second []roomBody) []roomBody {
	all := append(first, second...)
	slices.SortStableFunc(all, func(a, b roomBody) int { return -cmp.Compare(a.ID, b.ID) })
	return slices.CompactFunc(all, func(a, b roomBody) bool { return a.ID == b.ID })
}

// foreign is a room of another server, as a live list tells it.
type foreign struct {
	card []byte // what it was read from
	body any    // a roomBody or goneBody
}

func (f *foreign) news() any { return f.body }

// lookAbroad tells live lists what changed in other servers, since the last time.
// It asks once for all readers; without any, not at all.
func (l *Lobby) lookAbroad() {
	n := &l.neighbours
	if !l.feed.isRead() {
		l.feed.forgetAbroad()
		n.abroad = nil
		return
	}
	seen := map[string]*foreign{}
	if !l.alone() {
		cards, err := l.newestAbroad()
		if err != nil {
			if l.run.Err() == nil {
				l.cfg.Log.Warn("live lists do not hear of other servers yet", "err", err)
			}
			return
		}
		for _, c := range cards {
			if f := l.foreign(c, n.abroad[c.Room]); f != nil {
				seen[c.Room] = f
			}
		}
	}
	for id, f := range seen {
		if n.abroad[id] != f {
			l.feed.markAbroad(id, f, false)
		}
	}
	for id := range n.abroad {
		if seen[id] == nil && !l.isHere(id) {
			l.feed.markAbroad(id, &foreign{body: goneBody{id}}, true)
		}
	}
	n.abroad = seen
}

// foreign is the room of a card: the one before, if that is as it was.
func (l *Lobby) foreign(c store.Card, before *foreign) *foreign {
	if before != nil && bytes.Equal(before.card, c.Body) {
		return before
	}
	b, err := bodyOf(c)
	if err != nil {
		l.cfg.Log.Warn("room of another server not told", "err", err)
		return nil
	}
	return &foreign{c.Body, b}
}

// newestAbroad is as many cards of other servers as a live list shows.
func (l *Lobby) newestAbroad() ([]store.Card, error) {
	var all []store.Card
	q := store.CardQuery{Listed: true}
	for len(all) < maxAbroad {
		cards, err := l.cards(l.run, q)
		if err != nil {
			return nil, err
		}
		all = append(all, cards...)
		if len(cards) < store.MaxCards {
			break
		}
		q.Before = cards[len(cards)-1].Room
	}
	return all, nil
}
