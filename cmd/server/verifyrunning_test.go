package main

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tickroom/game"
	"tickroom/migrations"
	"tickroom/net/wire"
	"tickroom/store"
)

// odometer is a game that can be saved: two builds of one version may count by
// another rule.
type odometer struct{ sum, rule int }

type drive struct{ By int }

type Driven struct{ By int }

type odometerSaved struct{ Sum int }

func (o *odometer) Apply(t *game.Turn, _ game.Seat, d drive) error {
	o.sum += d.By * o.rule
	t.Emit(Driven{d.By})
	if d.By < 0 {
		t.End(game.Result{Reason: "back"})
	}
	return nil
}
func (o *odometer) Step(*game.Turn)         {}
func (o *odometer) View(game.Seat) sum      { return sum{o.sum} }
func (o *odometer) Save() odometerSaved     { return odometerSaved{o.sum} }
func (o *odometer) Restore(s odometerSaved) { o.sum = s.Sum }

func distances(rule, version int) game.Catalog {
	return game.NewCatalog(game.DefineSaved(distance(version), func(*game.Turn) *odometer { return &odometer{rule: rule} }))
}

// unsaved is the same game by rules that save nothing.
func unsaved(rule int) game.Catalog {
	return game.NewCatalog(game.Define(distance(1), func(*game.Turn) *odometer { return &odometer{rule: rule} }))
}

func distance(version int) game.Info {
	return game.Info{Name: "distance", Title: "Distance", Version: version, Seats: 2, TickRate: 20, Events: []any{Driven{}}}
}

// drives is what a server of the first build has written, by now, of a room where a
// match is still played: it was saved in its course, where it can be.
func drives(t *testing.T, games game.Catalog, private bool) (r store.RunningRoom, history []store.Chunk) {
	within(t, games, func(w *world) {
		ann := w.arrives("Ann")
		var opened ticket
		var room struct{ ID string }
		ann.call("POST", "/v1/rooms", map[string]any{"game": "distance", "private": private}, 201, &room)
		ann.call("POST", "/v1/rooms/"+room.ID+"/seats", map[string]any{}, 201, &opened)
		at := ann.joins(w.games[0], opened)
		for n := range 12 {
			if err := at.Command(w.Context(), drive{By: n}); err != nil {
				w.Fatal(err)
			}
			w.pass(10 * time.Second)
		}
		rooms, err := w.memory.Running(w.Context(), "", 0)
		if err == nil && len(rooms) == 1 {
			r = rooms[0]
			history, err = w.memory.History(w.Context(), r.ID)
		}
		if err != nil {
			w.Fatalf("journal of %d rooms: %v", len(rooms), err)
		}
	})
	return r, history
}

// keeps has a shelf keep what a server has written of a room.
func (s shelf) keeps(r store.RunningRoom, history []store.Chunk) {
	s.Helper()
	st, err := openStore(s.Context(), s.database)
	if err != nil {
		s.Fatal(err)
	}
	defer st.Close()
	lease, err := st.Enlist(s.Context(), "one", "", time.Minute)
	if err != nil {
		s.Fatal(err)
	}
	if err := st.Write(s.Context(), lease, store.Batch{Opened: []store.RunningRoom{r}}); err != nil {
		s.Fatal(err)
	}
	for _, c := range history {
		if err := st.Write(s.Context(), lease, store.Batch{Chunks: []store.Chunk{c}}); err != nil {
			s.Fatal(err)
		}
	}
}

func TestVerifyTellsWhetherRunningMatchesGoOnWithABuild(t *testing.T) {
	r, history := drives(t, distances(1, 1), true)
	s := newShelf(t, aSlide(t, nil))
	s.keeps(r, history)
	games := func(rule, version int) game.Catalog { return append(distances(rule, version), abaci(1, 1)...) }

	out, err := s.verifies(games(1, 1), "-running")
	if err != nil || !strings.Contains(out, "alike    running match "+r.ID+": distance, 24") || !strings.Contains(out, "1 alike, 0 differ, 0 of other rules") {
		t.Errorf("%v\n%s\nwant it alike, some 2400 ticks: nothing has changed", err, out)
	}
	out, err = s.verifies(games(1, 1), "-running", "-all")
	if err != nil || !strings.Contains(out, "2 alike") {
		t.Errorf("%v\n%s\nwant what runs and what has ended", err, out)
	}
	out, err = s.verifies(games(2, 1), "-running")
	if !errors.Is(err, errDiffer) || !strings.Contains(err.Error(), r.ID) || !strings.Contains(err.Error(), "chunk") || !strings.Contains(out, "1 differ") {
		t.Errorf("%v\n%s\nwant the first chunk that does not agree: the rules changed and their version did not", err, out)
	}
	out, err = s.verifies(games(1, 2), "-running")
	if !errors.Is(err, errDiffer) || !strings.Contains(out, "version 1 of distance, and this has 2") {
		t.Errorf("%v\n%s\nwant it told that a deploy would end the match", err, out)
	}
	out, err = s.verifies(abaci(1, 1), "-running")
	if !errors.Is(err, errDiffer) || !strings.Contains(out, `no game "distance"`) {
		t.Errorf("%v\n%s\nwant it told that this build does not have the game", err, out)
	}
	for _, args := range [][]string{{"-running", "-game", "abacus"}, {"-all", "-game", "distance"}} {
		out, err = s.verifies(games(2, 1), args...)
		if err != nil || !strings.Contains(out, "0 alike, 0 differ") {
			t.Errorf("%v: %v\n%s\nwant nothing found: there is none of that game", args, err, out)
		}
	}
	out, err = s.verifies(games(2, 1), "-all", "-running", "-game=abacus")
	if err != nil || !strings.Contains(out, "1 alike, 0 differ") {
		t.Errorf("%v\n%s\nwant only what -game names", err, out)
	}
}

// TestAMatchIsNotGoneOnWithByOtherRules though they are said to be the same and
// refuse nothing: what was shown would un-happen.
func TestAMatchIsNotGoneOnWithByOtherRules(t *testing.T) {
	r, history := drives(t, unsaved(1), false)
	s := newShelf(t)
	s.keeps(r, history)
	if out, err := s.verifies(unsaved(1), "-running"); err != nil || !strings.Contains(out, "1 alike") {
		t.Errorf("%v\n%s\nwant it alike: nothing has changed", err, out)
	}
	_, err := s.verifies(unsaved(2), "-running")
	if !errors.Is(err, errDiffer) || !strings.Contains(err.Error(), "the state after tick 200 is") {
		t.Errorf("%v; want the first fingerprint, of ten seconds", err)
	}
	within(t, unsaved(1), func(w *world) {
		ann := w.arrives("Ann").comes(w.games[0], nil)
		if err := ann.Command(w.Context(), drive{By: 1}); err != nil {
			w.Fatal(err)
		}
		w.pass(15 * time.Second)
		w.dies()
		w.games = unsaved(2)
		w.starts()
		w.pass(5 * time.Second)
		ann.closedWith(wire.CloseFailed, "the new build plays the match otherwise")
	})
}

// TestVerifyTellsAJournalThatCannotHaveHappened from one that is whole.
func TestVerifyTellsAJournalThatCannotHaveHappened(t *testing.T) {
	r, history := drives(t, distances(1, 1), false)
	spoilt := func(spoil func([]store.Chunk) []store.Chunk) (store.RunningRoom, []store.Chunk) {
		other := r
		other.ID = uuid.NewString()
		var chunks []store.Chunk
		for _, c := range history {
			c.Room, c.Data = other.ID, append([]byte(nil), c.Data...)
			chunks = append(chunks, c)
		}
		return other, spoil(chunks)
	}
	said := func(e wire.Message) []byte {
		b, err := wire.AppendEntry(nil, e)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for why, spoil := range map[string]func([]store.Chunk) []store.Chunk{
		"a chunk is cut short": func(all []store.Chunk) []store.Chunk {
			all[1].Data = all[1].Data[:len(all[1].Data)-1]
			return all
		},
		"somebody acts who never came": func(all []store.Chunk) []store.Chunk {
			all[2].Data = said(wire.Did{Who: 9, N: 1, Data: drive{}})
			return all
		},
		"the match ended, and was played on": func(all []store.Chunk) []store.Chunk {
			last := &all[len(all)-1]
			last.Data = append(last.Data, said(wire.Did{Who: 1, N: 99, Data: drive{By: -1}})...)
			last.Data = append(last.Data, said(wire.Through{Tick: 2500})...)
			last.Data = append(last.Data, said(wire.Steered{Who: 1, Data: drive{By: 1}})...)
			return all
		},
	} {
		s := newShelf(t)
		s.keeps(spoilt(spoil))
		out, err := s.verifies(distances(1, 1), "-running")
		if !errors.Is(err, errDiffer) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v\n%s\nwant one line that says where", why, err, out)
		}
	}
}

// TestVerifyIncludesPrivateMatches which no list shows.
func TestVerifyIncludesPrivateMatches(t *testing.T) {
	m := aSlide(t, nil)
	m.Private = true
	out, err := newShelf(t, m).verifies(abaci(1, 1), "-all")
	if err != nil || !strings.Contains(out, "1 alike") {
		t.Errorf("%v\n%s\nwant it verified: who runs the server asks", err, out)
	}
}

// TestVerifyLeavesADatabaseOfAnotherSchemaAlone and says so: what is tried before
// a deploy must not migrate what another build uses.
func TestVerifyLeavesADatabaseOfAnotherSchemaAlone(t *testing.T) {
	empty := shelf{t, "sqlite:" + filepath.Join(t.TempDir(), "none.db")}
	if _, err := empty.verifies(abaci(1, 1), "-all"); err == nil {
		t.Error("a file that is not there was verified")
	}
	s := newShelf(t, aSlide(t, nil))
	file := strings.TrimPrefix(s.database, "sqlite:")
	for _, c := range []struct{ change, says string }{
		{"DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)", "older"},
		{"INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)", "newer"},
	} {
		db, err := sql.Open("sqlite", file)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(c.change); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, list := range []string{"-all", "-running"} {
			_, err := s.verifies(abaci(1, 1), list)
			if !errors.Is(err, migrations.ErrOtherSchema) || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "\n") {
				t.Errorf("%s: %v; want one line that says the schema is %s", list, err, c.says)
			}
		}
		if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
			t.Errorf("the file was changed (%v): it is another build's", err)
		}
	}
}
