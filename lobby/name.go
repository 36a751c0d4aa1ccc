package lobby

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// cleanName is a player's name as others will see it: trimmed, each run of
// spaces one, 1 to maxName characters. What is invisible or turns the text
// around it is refused, not dropped: a name must not be mended into another's.
func cleanName(name string) (string, bool) {
	if !utf8.ValidString(name) {
		return "", false
	}
	seen := false
	for _, r := range name {
		switch {
		case unicode.In(r, unicode.C, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point) || r == utf8.RuneError:
			return "", false
		case unicode.In(r, unicode.L, unicode.N, unicode.P, unicode.S):
			seen = true
		}
	}
	name = strings.Join(strings.Fields(name), " ")
	return name, seen && utf8.RuneCountInString(name) <= maxName
}
