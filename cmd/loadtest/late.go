package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// lateness is how many ticks began at most so late: what a server's histogram
// says, by rising bounds. nil is not known.
type lateness []lateTicks

type lateTicks struct {
	bound time.Duration // the last has none, and the greatest of the others
	ticks float64       // that were no later, all before included
}

// late reads the server's metrics. Who does not tell, is not asked twice.
func (l *lobby) late(ctx context.Context) lateness {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, l.cfg.url+"/metrics", nil)
	if err != nil {
		return nil
	}
	resp, err := l.http.Do(req)
	if err != nil {
		return nil
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil
	}
	return readLateness(io.LimitReader(resp.Body, maxAnswer))
}

// readLateness finds the histogram in Prometheus's text.
func readLateness(r io.Reader) (found lateness) {
	for lines := bufio.NewScanner(r); lines.Scan(); {
		rest, ok := strings.CutPrefix(lines.Text(), `tickroom_tick_late_seconds_bucket{le="`)
		le, count, cut := strings.Cut(rest, `"} `)
		if !ok || !cut {
			continue
		}
		bound, err := strconv.ParseFloat(le, 64)
		ticks, err2 := strconv.ParseFloat(count, 64)
		if err != nil || err2 != nil {
			return nil
		}
		b := lateTicks{time.Duration(min(bound, 3600) * float64(time.Second)), ticks}
		if le == "+Inf" && len(found) > 0 {
			b.bound = found[len(found)-1].bound
		}
		found = append(found, b)
	}
	return found
}

// since is what was counted after an earlier look.
func (l lateness) since(earlier lateness) lateness {
	if len(earlier) != len(l) {
		return nil
	}
	var rest lateness
	for i, b := range l {
		rest = append(rest, lateTicks{b.bound, b.ticks - earlier[i].ticks})
	}
	return rest
}

// quantile is what a share q of the ticks was no later than, as if those of a
// bucket lay evenly in it.
func (l lateness) quantile(q float64) time.Duration {
	if len(l) == 0 {
		return 0
	}
	rank := q * l[len(l)-1].ticks
	var low lateTicks
	for _, b := range l {
		if b.ticks >= rank && b.ticks > low.ticks {
			part := (rank - low.ticks) / (b.ticks - low.ticks)
			return low.bound + time.Duration(part*float64(b.bound-low.bound))
		}
		low = b
	}
	return low.bound
}
