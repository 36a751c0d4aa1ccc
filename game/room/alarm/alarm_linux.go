package alarm

import (
	"container/heap"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// slack is how much too early a timer may be rung with another: less than a
// sleep in between would take.
const slack = 20 * time.Microsecond

// Alarm rings timers. See the package.
type Alarm struct {
	// Set once.
	file    *os.File
	raw     syscall.RawConn
	running sync.WaitGroup

	// Guarded by mu.
	mu    sync.Mutex
	queue queue
	spec  unix.ItimerSpec
	armed time.Time // when the kernel's timer goes off; zero if it does not
}

// New starts an alarm.
func New() (*Alarm, error) {
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_NONBLOCK|unix.TFD_CLOEXEC)
	if err != nil {
		return nil, fmt.Errorf("a timer of the kernel: %w", err)
	}
	a := &Alarm{file: os.NewFile(uintptr(fd), "timerfd")}
	if a.raw, err = a.file.SyscallConn(); err != nil {
		a.file.Close()
		return nil, fmt.Errorf("a timer of the kernel: %w", err)
	}
	a.running.Go(a.run)
	return a, nil
}

// Close stops the alarm. Its timers ring no more.
func (a *Alarm) Close() {
	a.file.Close()
	a.running.Wait()
}

// Timer makes a timer that is not set.
func (a *Alarm) Timer() Timer {
	return &timer{alarm: a, c: make(chan time.Time, 1), at: -1}
}

// run rings whoever is due, sets the kernel's timer for the next, and waits for
// it. To set it only when the poller is ready to hear of it is what makes sure
// that no ringing goes unheard.
func (a *Alarm) run() {
	for {
		waiting := false
		err := a.raw.Read(func(fd uintptr) bool {
			if waiting {
				return true
			}
			waiting = true
			a.mu.Lock()
			defer a.mu.Unlock()
			a.ring()
			a.arm(int(fd))
			return false
		})
		if err != nil {
			return // closed
		}
	}
}

// What follows is called under the lock.

// ring rings all that are due.
func (a *Alarm) ring() {
	a.armed = time.Time{}
	now := time.Now()
	for len(a.queue) > 0 && a.queue[0].due.Sub(now) <= slack {
		t := heap.Pop(&a.queue).(*timer)
		select {
		case t.c <- now:
		default:
		}
	}
}

// arm sets the kernel's timer for the first that is due, if it is not set for
// anything as early.
func (a *Alarm) arm(fd int) {
	if len(a.queue) == 0 {
		return
	}
	due := a.queue[0].due
	if !a.armed.IsZero() && !due.Before(a.armed) {
		return
	}
	a.armed = due
	in := unix.NsecToTimespec(max(1, int64(time.Until(due)))) // 0 would be never
	a.spec.Value = in
	_, _, _ = syscall.RawSyscall6(syscall.SYS_TIMERFD_SETTIME, uintptr(fd), 0, uintptr(unsafe.Pointer(&a.spec)), 0, 0, 0)
}

// timer is one room's.
type timer struct {
	alarm *Alarm
	c     chan time.Time

	// Guarded by the alarm's mu.
	due time.Time
	at  int // in the queue; -1 when it is not
}

func (t *timer) C() <-chan time.Time { return t.c }

func (t *timer) Reset(d time.Duration) {
	t.Stop()
	a := t.alarm
	a.mu.Lock()
	defer a.mu.Unlock()
	t.due = time.Now().Add(d)
	heap.Push(&a.queue, t)
	if t.at == 0 {
		_ = a.raw.Control(func(fd uintptr) { a.arm(int(fd)) }) // an error: it is closed
	}
}

func (t *timer) Stop() {
	t.alarm.mu.Lock()
	defer t.alarm.mu.Unlock()
	if t.at >= 0 {
		heap.Remove(&t.alarm.queue, t.at)
	}
	select {
	case <-t.c:
	default:
	}
}

// queue has what is due first in front.
type queue []*timer

func (q queue) Len() int           { return len(q) }
func (q queue) Less(i, j int) bool { return q[i].due.Before(q[j].due) }
func (q queue) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].at, q[j].at = i, j
}

func (q *queue) Push(x any) {
	t := x.(*timer)
	t.at = len(*q)
	*q = append(*q, t)
}

func (q *queue) Pop() any {
	last := len(*q) - 1
	t := (*q)[last]
	(*q)[last], *q, t.at = nil, (*q)[:last], -1
	return t
}
