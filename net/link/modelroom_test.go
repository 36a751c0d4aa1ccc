package link_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"tickroom/game"
	"tickroom/net/link"
	"tickroom/net/wire"
)

// modelRoom is a room of one seat. Like a room it reads what its members say
// only when it ticks, and gives the seat to whom joined last. It holds what it
// is told against what was promised.
type modelRoom struct {
	// turn is held by who acts as the room's one goroutine; taken before a link's
	// lock, as mu is after it.
	turn sync.Mutex
	view uint32

	// Guarded by mu.
	mu       sync.Mutex
	member   *modelMember // who has the seat; nil before the first
	era      int          // counts every Begin
	full     bool         // takes nothing from members
	stranger bool         // commands are not those of a modelClient
	faults   []string
	taken    int // commands
}

// modelMember is what one link has with the room.
type modelMember struct {
	room *modelRoom
	link *link.Link

	// Guarded by the room's turn.
	era   int
	place uint32 // of the last message that must arrive

	// Guarded by the room's mu.
	here    bool
	renews  int // asked, and not yet done
	letters []uint32
	taken   uint32 // the last command
}

func (r *modelRoom) Await(context.Context, string) error { return nil }
func (r *modelRoom) Join(_ context.Context, ticket string, l *link.Link) (link.Member, error) {
	if ticket != "good" {
		return nil, link.ErrTicket
	}
	r.turn.Lock()
	defer r.turn.Unlock()
	r.mu.Lock()
	older := r.member
	m := &modelMember{room: r, link: l, here: true, letters: []uint32{offering}}
	r.member = m
	r.mu.Unlock()
	if older != nil {
		older.link.Close(wire.CloseTakenOver, "You connected from elsewhere.")
	}
	m.begin()
	return m, nil
}

// tick does what was said since the last: begins anew for whom it was asked,
// answers commands.
func (r *modelRoom) tick() {
	r.turn.Lock()
	defer r.turn.Unlock()
	m := r.now()
	if m == nil {
		return
	}
	r.mu.Lock()
	letters := m.letters
	m.letters = nil
	r.mu.Unlock()
	for _, n := range letters {
		switch n {
		case renewal:
			m.begin()
			r.offer(m, 10)
			continue
		case offering:
			r.offer(m, 10)
			continue
		}
		m.send(func(s string) wire.Message { return wire.Reply{N: n, Text: s} })
	}
}

func (r *modelRoom) now() *modelMember {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.member
}

// event tells the member something that must arrive.
func (r *modelRoom) event(size int) {
	r.turn.Lock()
	defer r.turn.Unlock()
	if m := r.now(); m != nil {
		pad := strings.Repeat("x", size)
		m.send(func(s string) wire.Message { return wire.Chat{Text: s, Name: pad} })
	}
}

// snapshot offers a newer view.
func (r *modelRoom) snapshot(size int) {
	r.turn.Lock()
	defer r.turn.Unlock()
	if m := r.now(); m != nil {
		r.offer(m, size)
	}
}

func (r *modelRoom) offer(m *modelMember, size int) {
	r.view++
	m.link.Snapshot(encode(wire.Snapshot{Tick: game.Tick(r.view), View: look{N: r.view, Pad: strings.Repeat("x", size)}}))
}

// closes ends the member's link, as when a room moves.
func (r *modelRoom) closes(code wire.CloseCode) {
	r.turn.Lock()
	defer r.turn.Unlock()
	r.mu.Lock()
	m := r.member
	r.member = nil
	r.mu.Unlock()
	if m != nil {
		m.link.Close(code, "The room is gone.")
	}
}

func (r *modelRoom) fault(format string, args ...any) {
	r.faults = append(r.faults, fmt.Sprintf(format, args...))
}

// begin is called by the room alone, as send is.
func (m *modelMember) begin() {
	m.room.mu.Lock()
	m.room.era++
	m.era, m.place, m.renews = m.room.era, 1, 0
	m.room.mu.Unlock()
	m.link.Begin(encode(wire.Chat{Text: stamp(m.era, 1)}))
}

func (m *modelMember) send(message func(stamp string) wire.Message) {
	m.place++
	m.link.Send(encode(message(stamp(m.era, m.place))))
}

// Letters are numbers of commands, but for those that ask to begin anew, or for
// a view.
const renewal, offering = 0, 1<<32 - 1

func (m *modelMember) Game() *game.Game { return testGame }

func (m *modelMember) Command(n uint32, c any) bool {
	r := m.room
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.full {
		return false
	}
	m.taken++
	if n != m.taken || c != commandOf(n).Data && !r.stranger {
		r.fault("command %d, %v, was taken as the %d. of its link", n, c, m.taken)
	}
	m.letters = append(m.letters, n)
	r.taken++
	return true
}

func (m *modelMember) Gone() { m.come(false) }
func (m *modelMember) Back() { m.come(true, offering) }

func (m *modelMember) Renew() {
	m.come(true, renewal)
	m.room.mu.Lock()
	defer m.room.mu.Unlock()
	if m.renews++; m.renews > 1 {
		m.room.fault("the room was asked to begin anew twice; welcome would come twice over one connection")
	}
}

// come notes that something carries the link, or nothing does. A connection
// may replace another without an absence, but none is lost twice.
func (m *modelMember) come(here bool, letter ...uint32) {
	m.room.mu.Lock()
	defer m.room.mu.Unlock()
	m.letters = append(m.letters, letter...)
	if !here && !m.here {
		m.room.fault("the member was gone twice")
	}
	m.here = here
}

func (m *modelMember) Input(game.Tick, any) bool         { return true }
func (m *modelMember) Say(uint32, string) bool           { return true }
func (m *modelMember) Leave() bool                       { return true }
func (m *modelMember) Show(wire.Show) bool               { return true }
func (m *modelMember) Clock() (game.Tick, time.Duration) { return 1, 0 }

func encode(m wire.Message) wire.Frame {
	f, err := wire.Encode(m)
	if err != nil {
		panic(err)
	}
	return f
}
