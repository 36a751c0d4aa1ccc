package store

// How many matches one call lists. A page holds every player of every match,
// so it is bounded by what an answer should weigh, not by what a client asks.
const (
	DefaultMatches = 20
	MaxMatches     = 100
)

// Page is how many matches the query asks for, within the limits: too many are
// MaxMatches, none or fewer are DefaultMatches.
func (q MatchQuery) Page() int {
	if q.Limit < 1 {
		return DefaultMatches
	}
	return min(q.Limit, MaxMatches)
}
