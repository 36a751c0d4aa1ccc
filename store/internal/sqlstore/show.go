package sqlstore

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"tickroom/store"
)

// cardRow is a row of cards.
type cardRow struct {
	Room     string
	Server   string
	Code     string
	Game     string
	Status   string
	Terms    string
	Listed   bool
	Joinable bool
	Players  string
	Body     []byte
}

// cardColumns are those of cardRow.
const cardColumns = `room, server, code, game, status, terms, listed, joinable, players, body`

// closedAShow is how many closed cards go with one Show, at most: more than come
// with one.
const closedAShow = 2 * store.MaxCards

// Show tells how rooms of the caller are seen. It locks the cards and not the
// server, whose rooms are written meanwhile; so the lease is judged last. Who
// took a room over did so before this judgement, and is told ErrFenced by it, or
// after it, and waits for these cards to put its own in their place.
func (s *Store) Show(ctx context.Context, l store.Lease, cards []store.Card) error {
	if err := store.CheckCards(cards); err != nil {
		return fmt.Errorf("show cards: %w", err)
	}
	one := lastOfEach(cards)
	return s.write(ctx, "show cards", func(ctx context.Context, tx Tx) error {
		if err := s.putCards(ctx, tx, l, one); err != nil {
			return err
		}
		for some := range slices.Chunk(one, rowsAStatement) {
			if err := putPlayers(ctx, tx, some); err != nil {
				return err
			}
		}
		if err := s.sweepCards(ctx, tx); err != nil {
			return err
		}
		return s.judge(ctx, tx, l, "")
	})
}

// numbered is a card by its number.
type numbered struct {
	number int64
	store.Card
}

// lastOfEach gives the last card of each room: by number, since all who lock
// cards do so in this order, and none waits for one that waits for it.
func lastOfEach(cards []store.Card) []numbered {
	last := make(map[int64]store.Card, len(cards))
	for _, c := range cards {
		last[number(c.Room)] = c
	}
	one := make([]numbered, 0, len(last))
	for n, c := range last {
		one = append(one, numbered{n, c})
	}
	slices.SortFunc(one, func(a, b numbered) int { return cmp.Compare(a.number, b.number) })
	return one
}

func (s *Store) putCards(ctx context.Context, tx Tx, l store.Lease, cards []numbered) error {
	rows := make([][]any, len(cards))
	for i, c := range cards {
		players, err := playersText(c.Players)
		if err != nil {
			return err
		}
		rows[i] = []any{
			c.Room, l.Server, c.Code, c.Game, c.Status, c.Terms, c.Listed, c.Joinable, players, blob(c.Body),
			c.number, int64(l.Epoch), c.Status == store.CardClosed,
		}
	}
	return each(ctx, tx,
		`insert into cards (`+cardColumns+`, number, epoch, closed_at)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, case when $13 then `+s.say.Now+` else 0 end)
		on conflict (number) do update set
			room = excluded.room, server = excluded.server, code = excluded.code, game = excluded.game, status = excluded.status,
			terms = excluded.terms, listed = excluded.listed, joinable = excluded.joinable,
			players = excluded.players, body = excluded.body, epoch = excluded.epoch, closed_at = excluded.closed_at`,
		rows)
}

// seated is a row of card_players.
type seated struct {
	Card   int64
	Player string
}

// putPlayers makes cards be found by their players, and by no others. Mostly they
// are those that were there, and nothing is written.
func putPlayers(ctx context.Context, tx Tx, cards []numbered) error {
	var l list
	these := make([]any, len(cards))
	for i, c := range cards {
		these[i] = c.number
	}
	were, err := all[seated](ctx, tx, `select card, player from card_players where card in `+l.group(these...), l.args...)
	if err != nil {
		return err
	}
	gone := make(map[seated]bool, len(were))
	for _, p := range were {
		gone[p] = true
	}
	var come, leave [][]any
	for _, c := range cards {
		for _, player := range c.Players {
			p := seated{c.number, store.Text(player)}
			if !gone[p] {
				come = append(come, []any{p.Card, p.Player})
			}
			delete(gone, p)
		}
	}
	for p := range gone {
		leave = append(leave, []any{p.Card, p.Player})
	}
	if err := each(ctx, tx, `delete from card_players where card = $1 and player = $2`, leave); err != nil {
		return err
	}
	return each(ctx, tx, `insert into card_players (card, player) values ($1, $2) on conflict (card, player) do nothing`, come)
}

// sweepCards takes away cards that were closed long ago, but for those that
// somebody is just showing again. The clock is asked in a select of its own: once,
// so that the index can be asked for what is older.
func (s *Store) sweepCards(ctx context.Context, tx Querier) error {
	return exec(ctx, tx,
		`delete from cards where number in (
			select number from cards where closed_at > 0 and closed_at < (select `+s.say.Now+` - $1)
			order by closed_at limit $2`+s.say.LockFree+`
		)`,
		store.ClosedStays.Milliseconds(), closedAShow)
}

// forgetCards takes away the cards of a server and of those that are long gone,
// but for those that somebody is just showing in their place.
func (s *Store) forgetCards(ctx context.Context, tx Querier, server string) error {
	return exec(ctx, tx,
		`delete from cards where number in (
			select number from cards where server = $1 or server not in (select name from servers)`+s.say.LockFree+`
		)`, server)
}

// playersText is a card's players in its column.
func playersText(players []string) (string, error) {
	kept := make([]string, len(players))
	for i, p := range players {
		kept[i] = store.Text(p)
	}
	text, err := json.Marshal(kept)
	return string(text), err
}

func (r cardRow) card() (store.Card, error) {
	var players []string
	if err := json.Unmarshal([]byte(r.Players), &players); err != nil {
		return store.Card{}, fmt.Errorf("players of card %s: %w", r.Room, err)
	}
	return store.Card{
		Room: r.Room, Server: r.Server, Code: r.Code, Game: r.Game, Status: r.Status, Terms: r.Terms,
		Listed: r.Listed, Joinable: r.Joinable, Players: players, Body: blob(r.Body),
	}, nil
}
