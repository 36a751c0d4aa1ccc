package sqlstore

import (
	"strconv"
	"strings"
)

// list collects the values of a statement and names their places in it.
type list struct {
	args []any
}

// add takes a value and gives its place: $3.
func (l *list) add(v any) string {
	l.args = append(l.args, v)
	return "$" + strconv.Itoa(len(l.args))
}

// group takes values and gives their places: ($4, $5).
func (l *list) group(values ...any) string {
	places := make([]string, len(values))
	for i, v := range values {
		places[i] = l.add(v)
	}
	return "(" + strings.Join(places, ", ") + ")"
}
