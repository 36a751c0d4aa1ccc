package lobby

import (
	"context"
	"sync"
	"time"
)

// feed tells live lists which rooms changed. Marking is cheap and never waits:
// each reader has a set of what it has not told yet, so a slow one gets fewer,
// newer states, and memory is bounded by the number of rooms.
type feed struct {
	// Guarded by mu.
	mu      sync.Mutex
	readers map[*reader]struct{}
	abroad  map[string]item // rooms of other servers
	closed  bool
}

// item is a room as live lists tell it: as it is when they do. nil is nothing to tell.
type item interface{ news() any }

// reader is one live list.
type reader struct {
	wake  chan struct{}   // holds a token while dirty is not empty; closed by feed.close
	dirty map[string]item // by room; guarded by the feed's mu
}

func newFeed() *feed { return &feed{readers: map[*reader]struct{}{}, abroad: map[string]item{}} }

// mark says that a room changed.
func (f *feed) mark(e *entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e.listed() {
		f.tell(e.id, e)
	}
}

// markGone says that a room of this server is no more.
func (f *feed) markGone(e *entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if e.listed() {
		f.tell(e.id, &foreign{body: goneBody{e.id}})
	}
}

// markAbroad says that a room of another server changed, or is none of theirs any
// more.
func (f *feed) markAbroad(id string, news item, gone bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.abroad[id] = news; gone {
		delete(f.abroad, id)
	}
	f.tell(id, news)
}

// forgetAbroad is when nobody asks any more.
func (f *feed) forgetAbroad() {
	f.mu.Lock()
	defer f.mu.Unlock()
	clear(f.abroad)
}

func (f *feed) isRead() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.readers) > 0
}

// tell is called under mu.
func (f *feed) tell(id string, news item) {
	if f.closed {
		return
	}
	for r := range f.readers {
		r.mark(id, news)
	}
}

// mark is called under the feed's mu.
func (r *reader) mark(id string, news item) {
	r.dirty[id] = news
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// follow calls changed with all rooms, then with what changed, gathered over
// feedPause, and beat when nothing did for feedBeat; until the context ends,
// the feed is closed, or one of them fails.
func (f *feed) follow(ctx context.Context, rooms func() []*entry, changed func(map[string]item) error, beat func() error) error {
	r := f.join()
	defer f.leave(r)
	f.begin(r, rooms()) // after joining: what is opened from now on is marked
	timer := time.NewTimer(feedBeat)
	defer timer.Stop()
	for {
		timer.Reset(feedBeat)
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
			err = beat()
		case _, open := <-r.wake:
			if !open {
				return nil
			}
			err = changed(f.take(r))
			pause(ctx, feedPause)
		}
		if err != nil {
			return err
		}
	}
}

func (f *feed) join() *reader {
	f.mu.Lock()
	defer f.mu.Unlock()
	r := &reader{wake: make(chan struct{}, 1), dirty: map[string]item{}}
	f.readers[r] = struct{}{}
	if f.closed {
		close(r.wake)
	}
	return r
}

// begin has a reader told of all rooms.
func (f *feed) begin(r *reader, rooms []*entry) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	for id, news := range f.abroad {
		r.mark(id, news)
	}
	for _, e := range rooms {
		if e.listed() {
			r.mark(e.id, e)
		}
	}
}

func (f *feed) leave(r *reader) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.readers, r)
}

func (f *feed) take(r *reader) map[string]item {
	f.mu.Lock()
	defer f.mu.Unlock()
	dirty := r.dirty
	r.dirty = map[string]item{}
	return dirty
}

// close ends every live list.
func (f *feed) close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.closed {
		return
	}
	f.closed = true
	for r := range f.readers {
		close(r.wake)
	}
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
