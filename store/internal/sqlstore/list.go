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

// whereAll restricts a statement by all of the conditions.
func whereAll(conditions []string) string {
	if len(conditions) == 0 {
		return ""
	}
	return " where " + strings.Join(conditions, " and ")
}

// addAll takes values and gives their places: $4, $5.
func (l *list) addAll(values ...any) string {
	places := make([]string, len(values))
	for i, v := range values {
		places[i] = l.add(v)
	}
	return strings.Join(places, ", ")
}

// group is addAll in parentheses: ($4, $5).
func (l *list) group(values ...any) string { return "(" + l.addAll(values...) + ")" }
