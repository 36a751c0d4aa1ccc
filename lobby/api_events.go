package lobby

import (
	"context"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"
	"github.com/danielgtaylor/huma/v2/sse"

	"tickroom/game/room"
)

type goneBody struct {
	ID string `json:"id" format:"uuid"`
}

// beatBody is sent at first and when nothing changed for a while, so that
// nobody in between takes the stream for dead.
type beatBody struct{}

func (l *Lobby) eventCalls(api huma.API) {
	o := call("follow-rooms", http.MethodGet, "/v1/rooms/events", "Public rooms as they change: all at first, then each that changed", 200, ErrDraining, errStreams)
	o.Middlewares = huma.Middlewares{l.admitStream(newStreams())}
	sse.Register(api, o, map[string]any{"room": roomBody{}, "gone": goneBody{}, "beat": beatBody{}}, l.followRooms)
}

// admitStream is in front of a live list: it bounds the number of them, and
// tells who is in between not to hold the answer back.
func (l *Lobby) admitStream(open *streams) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		_, w := humachi.Unwrap(ctx)
		if l.isDraining() {
			writeProblem(w, problemOf(ErrDraining))
			return
		}
		address := callerOf(ctx.Context()).address
		if !open.enter(address) {
			writeProblem(w, problemOf(errStreams))
			return
		}
		defer open.leave(address)
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("X-Accel-Buffering", "no")
		next(ctx)
	}
}

// followRooms tells the list and then its changes.
func (l *Lobby) followRooms(ctx context.Context, _ *struct{}, send sse.Sender) {
	beat := func() error { return send.Data(beatBody{}) }
	tell := func(changed map[string]item) error {
		for _, room := range changed {
			news := room.news()
			if news == nil {
				continue
			}
			if err := send.Data(news); err != nil {
				return err
			}
		}
		return nil
	}
	if beat() != nil { // the head goes out even when there are no rooms
		return
	}
	// The error is the reader's going, which ends the stream like all else.
	_ = l.feed.follow(ctx, l.entries, tell, beat)
}

// news is what a live list is told of a room. Of one that is closing nothing: that
// it is gone is said once, when it is.
func (e *entry) news() any {
	s := e.Status()
	if s.Phase == room.Closed {
		return nil
	}
	return e.show(s)
}

// streams counts live lists, all and by address.
type streams struct {
	// Guarded by mu.
	mu  sync.Mutex
	all int
	of  map[string]int
}

func newStreams() *streams { return &streams{of: map[string]int{}} }

// enter counts one more, if there may be.
func (s *streams) enter(address string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.all >= maxStreams || s.of[address] >= maxStreamsOf {
		return false
	}
	s.all++
	s.of[address]++
	return true
}

func (s *streams) leave(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.of[address]--; s.of[address] == 0 {
		delete(s.of, address)
	}
}
