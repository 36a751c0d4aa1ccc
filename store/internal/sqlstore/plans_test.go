//go:build unix

package sqlstore_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"tickroom/store"
	"tickroom/store/internal/sqlstore"
	"tickroom/store/postgres"
	"tickroom/store/postgres/pgtest"
	"tickroom/store/sqlite"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// A directory of 60,000 cards: most are of one server and closed, as after an
// hour of short matches. Of the others every tenth is listed, and of those every
// tenth waits for players. b has few, and the dead have left many.
const (
	manyCards   = 60_000
	insertCards = `
	insert into cards (number, room, server, epoch, code, game, status, terms, listed, joinable, closed_at, players, body)
	with recursive n (i) as (select 0 union all select i + 1 from n where i < 59999)
	select i, 'room-' || cast(100000 + i as text),
		case when i % 6000 = 7 then 'b' when i % 7 = 0 then 'dead' else 'a' end, 1,
		case when i % 10 = 0 then 'CODE' || cast(i as text) else '' end,
		case when i % 20 < 10 then 'arena' else 'battleship' end,
		case when i % 100 = 0 then 'waiting' when i % 10 = 0 then 'running' else 'closed' end,
		'terms-' || cast(i % 40 as text),
		i % 10 = 0, i % 100 = 0, case when i % 10 = 0 then 0 else i end, '[]', 'the body of a card, some hundred bytes of it'
	from n`
	insertPlayers = `insert into card_players (card, player) select number, 'player of ' || room from cards`

	// fewCards is what a query may read of them: some pages, and never all that a
	// server has.
	fewCards = manyCards / 100
	// listedCards are twice those that are listed: Postgres sorts them, while it
	// does not know that there are many.
	listedCards = manyCards / 5
)

// cardQueries are those that a lobby asks, and how SQLite is to find each.
var cardQueries = map[string]struct {
	q      store.CardQuery
	search string
}{
	"a list":               {store.CardQuery{Listed: true, Limit: 21}, "cards_listed (server=?)"},
	"a page far down":      {store.CardQuery{Listed: true, Limit: 21, Before: "room-130000"}, "cards_listed (server=? AND room<?)"},
	"a list of a game":     {store.CardQuery{Listed: true, Game: "arena", Limit: 21}, "cards_listed_by_game (server=? AND game=?)"},
	"a list of no game":    {store.CardQuery{Listed: true, Game: "chess"}, "cards_listed_by_game (server=? AND game=?)"},
	"a list of a status":   {store.CardQuery{Listed: true, Status: "waiting", Limit: 21}, "cards_listed_by_status (server=? AND status=?)"},
	"all but one server's": {store.CardQuery{Listed: true, NotServer: "a"}, "cards_listed (server=?)"},
	"a room":               {store.CardQuery{Room: "room-112345"}, "sqlite_autoindex_cards_1 (number=?)"},
	"a code":               {store.CardQuery{Code: "CODE12340"}, "cards_by_code (code=? AND server=?)"},
	"no code":              {store.CardQuery{Code: "NONE"}, "cards_by_code (code=? AND server=?)"},
	"a player's rooms":     {store.CardQuery{Player: "player of room-112345"}, "sqlite_autoindex_cards_1 (number=?)"},
	"a player's on terms":  {store.CardQuery{Player: "player of room-112345", Terms: "terms-25"}, "sqlite_autoindex_cards_1 (number=?)"},
	"join-or-create":       {store.CardQuery{Terms: "terms-0", Joinable: true, Limit: 20}, "cards_joinable (server=? AND terms=?)"},
	"none to join":         {store.CardQuery{Terms: "terms-1", Joinable: true, Limit: 20}, "cards_joinable (server=? AND terms=?)"},
	"a game's to join":     {store.CardQuery{Terms: "terms-0", Game: "arena", Joinable: true}, "cards_joinable (server=? AND terms=?)"},
}

// living leaves out the one that is not asked for, as Cards does.
func living(q store.CardQuery) []sqlstore.Lessee {
	servers := []sqlstore.Lessee{{Name: "b", Epoch: 1}, {Name: "c", Epoch: 1}}
	if q.NotServer != "a" {
		servers = append(servers, sqlstore.Lessee{Name: "a", Epoch: 1})
	}
	return servers
}

// A server asks on one connection again and again: by then Postgres plans without
// looking at the values. And it may not have looked at the tables for a while.
func TestPostgresReadsFewCards(t *testing.T) {
	url := pgtest.Database(t)
	s, err := postgres.Open(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close(context.WithoutCancel(t.Context()))
	do := func(sql string) {
		t.Helper()
		if _, err := db.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%.40s...: %v", sql, err)
		}
	}
	do(insertCards)
	do(insertPlayers)
	for _, known := range []struct {
		by   string
		most float64
	}{{`select 'nothing yet'`, listedCards}, {`analyze`, fewCards}} {
		do(known.by)
		for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
			do(`set plan_cache_mode = ` + mode)
			for name, test := range cardQueries {
				query, args := s.CardsQuery(living(test.q), test.q)
				do(`prepare q as ` + query)
				if plan := postgresPlan(t, db, args); plan.cards() > known.most {
					t.Errorf("%s, %s, %s: reads %v cards of %d, want at most %v:\n%+v", name, mode, known.by, plan.cards(), manyCards, known.most, plan)
				}
				do(`deallocate q`)
			}
		}
	}
}

// postgresPlan runs the statement that was prepared as q.
func postgresPlan(t *testing.T, db *pgx.Conn, args []any) node {
	t.Helper()
	values := make([]string, len(args))
	for i, a := range args {
		values[i] = fmt.Sprintf("'%v'", a)
	}
	var text string
	if err := db.QueryRow(t.Context(), `explain (analyze, format json) execute q (`+strings.Join(values, ", ")+`)`).Scan(&text); err != nil {
		t.Fatal(err)
	}
	var plans []struct{ Plan node }
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		t.Fatal(err)
	}
	return plans[0].Plan
}

// node is a part of a plan of Postgres.
type node struct {
	Relation string  `json:"Relation Name"`
	Index    string  `json:"Index Name"`
	Type     string  `json:"Node Type"`
	Rows     float64 `json:"Actual Rows"` // of each loop
	Removed  float64 `json:"Rows Removed by Filter"`
	Loops    float64 `json:"Actual Loops"`
	Plans    []node
}

// cards is how many rows of cards it reads.
func (n node) cards() (read float64) {
	if n.Relation == "cards" || strings.HasPrefix(n.Type, "Bitmap Index") {
		read = (n.Rows + n.Removed) * n.Loops
	}
	for _, p := range n.Plans {
		read += p.cards()
	}
	return read
}

// SQLite plans alike whatever is in the tables, while nobody says analyze.
func TestSQLiteReadsFewCards(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tickroom.db")
	s, err := sqlite.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for name, test := range cardQueries {
		query, args := s.CardsQuery(living(test.q), test.q)
		plan := sqlitePlan(t, db, query, args)
		if want := "SEARCH cards USING INDEX " + test.search; strings.Count(plan, want) != len(living(test.q)) {
			t.Errorf("%s: the plan has not %q for each server:\n%s", name, want, plan)
		}
		if test.q.Player == "" && strings.Contains(plan, "B-TREE FOR ORDER BY\nSCAN page") {
			t.Errorf("%s: a page is sorted from more, want it read in order:\n%s", name, plan)
		}
	}
}

func sqlitePlan(t *testing.T, db *sql.DB, query string, args []any) (plan string) {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), `explain query plan `+query, args...)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			t.Fatal(err)
		}
		plan += detail + "\n"
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return plan
}
