package replay

import "context"

// Lane is what screenings that play far share: few of them do at a time, so that
// viewers who jump to and fro do not take the cores from those who play.
type Lane chan struct{}

// NewLane makes a lane for so many at a time.
func NewLane(width int) Lane { return make(Lane, width) }

// enter waits for a turn. nil lets everybody through.
func (l Lane) enter(ctx context.Context) (leave func(), ok bool) {
	if l == nil {
		return func() {}, true
	}
	select {
	case l <- struct{}{}:
		return func() { <-l }, true
	case <-ctx.Done():
		return nil, false
	}
}
