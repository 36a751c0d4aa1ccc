package lobby

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"tickroom/game/room"
	"tickroom/store"
)

// seeker says which other server a call is for. false: none, it is for this one.
// The error is one of the table.
type seeker func(*http.Request, huma.Context) (store.Server, bool, error)

// roomElsewhere makes a call on a room, which the path names, one that is
// forwarded to the server that has the room.
func (l *Lobby) roomElsewhere(o huma.Operation) huma.Operation {
	return l.forwards(o, false, func(r *http.Request, c huma.Context) (store.Server, bool, error) {
		return l.serverOfRoom(r.Context(), c.Param("id"))
	})
}

// codeElsewhere is roomElsewhere for the code of one.
func (l *Lobby) codeElsewhere(o huma.Operation) huma.Operation {
	return l.forwards(o, false, func(r *http.Request, c huma.Context) (store.Server, bool, error) {
		return l.serverOfCode(r.Context(), c.Param("code"))
	})
}

// openElsewhere makes a call that opens a room one that is forwarded where there
// is more room for it. Where that server cannot be reached, the room is opened here.
func (l *Lobby) openElsewhere(o huma.Operation) huma.Operation {
	return l.forwards(o, true, func(*http.Request, huma.Context) (store.Server, bool, error) {
		s, ok := l.leastBusy()
		return s, ok, nil
	})
}

// anySeatElsewhere makes a call for any seat of a game one that is forwarded to
// where there is one, or where a room is to be opened for it; or it is done here.
func (l *Lobby) anySeatElsewhere(o huma.Operation) huma.Operation {
	return l.forwards(o, true, func(r *http.Request, c huma.Context) (store.Server, bool, error) {
		return l.serverOfAnySeat(r, c.Param("game"))
	})
}

func (l *Lobby) forwards(o huma.Operation, refusable bool, seek seeker) huma.Operation {
	document(&o, errStore, errUnreachable)
	o.Middlewares = append(o.Middlewares, func(c huma.Context, next func(huma.Context)) {
		r, w := humachi.Unwrap(c)
		if _, before := forwardedFrom(r.Context()); before || l.alone() {
			next(c)
			return
		}
		again := keepBody(r, maxBody)
		to, found, err := seek(r, c)
		again()
		if found {
			err = l.forward(w, r, to, l.roads.calls, refusable)
			again()
		}
		switch {
		case err == nil && !found, err != nil && found && refusable:
			next(c)
		case err != nil:
			l.refuse(w, err)
		}
	})
	return o
}

// refuse answers with an error's problem, outside of huma.
func (l *Lobby) refuse(w http.ResponseWriter, err error) {
	if errors.Is(err, errStore) && !errors.Is(err, context.Canceled) {
		l.cfg.Log.Error("request failed", "err", err)
	}
	writeProblem(w, problemOf(err))
}

// keepBody has a request's body read as often as it is begun again; of what is
// larger than it may be, as much as it takes to refuse it. It is read to its end
// before any of it is forwarded: while the answer is written, it cannot be.
func keepBody(r *http.Request, most int64) (again func()) {
	rest := r.Body
	b, err := io.ReadAll(io.LimitReader(rest, most+1))
	if err == nil && int64(len(b)) <= most {
		return func() { r.Body = readCloser{bytes.NewReader(b), rest} }
	}
	return func() { r.Body = readCloser{io.MultiReader(bytes.NewReader(b), rest), rest} } // an error comes again
}

type readCloser struct {
	io.Reader
	io.Closer
}

// serverOfRoom finds the other server that has a room, or a screening, or to which
// it is on its way. ErrGone, room.ErrBusy: it runs, and who asks again will find it.
// errStore, errUnreachable.
func (l *Lobby) serverOfRoom(ctx context.Context, id string) (store.Server, bool, error) {
	id, ok := canonical(id)
	if !ok || l.isHere(id) {
		return store.Server{}, false, nil
	}
	if !l.alone() {
		s, ok, err := l.serverOfCard(ctx, store.CardQuery{Room: id})
		if ok || err != nil {
			return s, ok, err
		}
	}
	leave, err := l.askDirectory(ctx)
	if err != nil {
		return store.Server{}, false, err
	}
	defer leave()
	name, _, err := l.cfg.Store.Where(ctx, id)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return store.Server{}, false, l.ended(ctx, id)
	case err != nil:
		return store.Server{}, false, fmt.Errorf("%w: where room %s is: %w", errStore, id, err)
	case name == "":
		l.recovery.isFree()
		return store.Server{}, false, room.ErrBusy
	case name == l.cfg.Self.Name:
		return store.Server{}, false, room.ErrBusy
	}
	return l.named(name)
}

// ended is ErrGone of a room whose match is kept. errStore.
func (l *Lobby) ended(ctx context.Context, id string) error {
	_, err := l.cfg.Store.Match(ctx, id)
	switch {
	case err == nil:
		return ErrGone
	case errors.Is(err, store.ErrNotFound):
		return nil
	}
	return fmt.Errorf("%w: match %s: %w", errStore, id, err)
}

// serverOfCode finds the other server that has the room of a code. errStore.
func (l *Lobby) serverOfCode(ctx context.Context, code string) (store.Server, bool, error) {
	code = readCode(code)
	l.mu.Lock()
	here := l.codes[code] != nil
	l.mu.Unlock()
	if here || len(code) != codeLength || l.alone() {
		return store.Server{}, false, nil
	}
	return l.serverOfCard(ctx, store.CardQuery{Code: code})
}

// serverOfCard finds the other server that shows the newest card of a query.
func (l *Lobby) serverOfCard(ctx context.Context, q store.CardQuery) (store.Server, bool, error) {
	q.Limit = 1
	cards, err := l.cards(ctx, q)
	if err != nil || len(cards) == 0 {
		return store.Server{}, false, err
	}
	return l.named(cards[0].Server)
}

// cards asks the directory for cards of other servers. errStore.
func (l *Lobby) cards(ctx context.Context, q store.CardQuery) ([]store.Card, error) {
	leave, err := l.askDirectory(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	q.NotServer = l.cfg.Self.Name
	cards, err := l.cfg.Store.Cards(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("%w: rooms of other servers: %w", errStore, err)
	}
	return cards, nil
}

func (l *Lobby) askDirectory(ctx context.Context) (leave func(), err error) {
	asking := l.neighbours.asking
	select {
	case asking <- struct{}{}:
		return func() { <-asking }, nil
	case <-ctx.Done():
		return nil, fmt.Errorf("%w: too much is asked: %w", errStore, ctx.Err())
	}
}

// named finds another server that lives. errUnreachable: it is not known here yet.
func (l *Lobby) named(name string) (store.Server, bool, error) {
	for _, s := range l.others() {
		if s.Name == name {
			return s, true, nil
		}
	}
	return store.Server{}, false, fmt.Errorf("%w: %s", errUnreachable, name)
}

// isHere says whether this server has a room or a screening, had it lately, or
// has it on its way.
func (l *Lobby) isHere(id string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.knows(id) || slices.ContainsFunc(l.screenings.open, func(s *screening) bool { return s.id == id })
}

// leastBusy is where a room is opened that was asked for here. false: here.
func (l *Lobby) leastBusy() (store.Server, bool) {
	servers := l.withRoom()
	here := slices.ContainsFunc(servers, func(s store.Server) bool { return s.Name == l.cfg.Self.Name })
	if here || len(servers) == 0 {
		return store.Server{}, false
	}
	return slices.MinFunc(servers, byLoad), true
}

// serverOfAnySeat is where whoever asks for any seat is seated, if not here: where
// they sit already, else in a room of ours, else in one of others', else where one
// is to be opened. What is wrong with the call is said here.
func (l *Lobby) serverOfAnySeat(r *http.Request, name string) (store.Server, bool, error) {
	none := store.Server{}
	p, err := player(r.Context())
	if err != nil {
		return none, false, nil
	}
	t, ok := l.wished(r, name, p)
	if !ok {
		return none, false, nil
	}
	theirs, others := l.candidates(t)
	if len(theirs) > 0 {
		return none, false, nil
	}
	s, ok, err := l.serverOfCard(r.Context(), store.CardQuery{Terms: t.key(), Player: p.ID})
	if err != nil || ok || len(others) > 0 {
		return s, ok, err
	}
	s, ok, err = l.serverOfJoinable(r.Context(), t)
	if err != nil || ok {
		return s, ok, err
	}
	s, ok = homeOf(t.key(), l.withRoom())
	return s, ok && s.Name != l.cfg.Self.Name, nil
}

// wished reads the terms of a call for any seat.
func (l *Lobby) wished(r *http.Request, name string, p room.Player) (*terms, bool) {
	g, err := l.game(name)
	if err != nil {
		return nil, false
	}
	var wish gameWish
	b, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	if err == nil && len(b) > 0 {
		err = json.Unmarshal(b, &wish)
	}
	if err != nil {
		return nil, false
	}
	t, err := agree(g, wish.Options, false, p.ID)
	return t, err == nil
}

// serverOfJoinable finds who has the oldest room with a seat, or nearly so.
func (l *Lobby) serverOfJoinable(ctx context.Context, t *terms) (store.Server, bool, error) {
	cards, err := l.cards(ctx, store.CardQuery{Terms: t.key(), Joinable: true, Limit: oldestOf})
	if err != nil || len(cards) == 0 {
		return store.Server{}, false, err
	}
	return l.named(cards[len(cards)-1].Server)
}
