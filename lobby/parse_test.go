package lobby

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"tickroom/store"
)

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"Ann", " a  b ", "\u202eabc", "\u3164", "a\u0301", "\xff", strings.Repeat("x", 25), "🏴\U000e0067"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, given string) {
		name, ok := cleanName(given)
		if !ok {
			return
		}
		if n := utf8.RuneCountInString(name); n < 1 || n > maxName || !utf8.ValidString(name) {
			t.Errorf("%q: %q has %d characters, want 1 to %d", given, name, n, maxName)
		}
		if strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }) {
			t.Errorf("%q: %q has what cannot be seen", given, name)
		}
		if again, ok := cleanName(name); again != name || !ok {
			t.Errorf("%q: %q is cleaned to %q, want a clean name to stay", given, name, again)
		}
		if store.Text(name) != name {
			t.Errorf("%q: %q would be stored as another name", given, name)
		}
	})
}

func FuzzReadCode(f *testing.F) {
	for _, s := range []string{"ABC123", "abc-123", "oOiIlL", "ſtuv00", " ", strings.Repeat("-", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		code := readCode(typed)
		if again := readCode(code); again != code {
			t.Errorf("%q is read as %q, and that as %q: want one meaning", typed, code, again)
		}
		if readCode(strings.ToLower(typed)) != readCode(strings.ToUpper(typed)) && isASCII(typed) {
			t.Errorf("%q: case matters, and must not", typed)
		}
	})
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

func FuzzReadCursor(f *testing.F) {
	at := store.Match{ID: "01890000-0000-7000-8000-000000000001", EndedAt: time.UnixMilli(1_700_000_000_123)}
	for _, s := range []string{writeCursor(at), "", "x", "MSAy", "LTkyMjMzNzIwMzY4NTQ3NzU4MDggMDE4OTAwMDAtMDAwMC03MDAwLTgwMDAtMDAwMDAwMDAwMDAx"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		c, err := readCursor(cursor)
		if err != nil || c == nil {
			return
		}
		again, err := readCursor(writeCursor(store.Match{ID: c.ID, EndedAt: c.EndedAt}))
		if err != nil || *again != *c {
			t.Errorf("%q is %+v, and written and read again %+v, %v", cursor, c, again, err)
		}
	})
}

func TestCodesAreEven(t *testing.T) {
	seen := map[rune]bool{}
	for b := range 256 {
		code := newCode(func(bytes []byte) {
			for i := range bytes {
				bytes[i] = byte(b)
			}
		})
		if readCode(code) != code || len(code) != codeLength {
			t.Errorf("code %q is read as %q, want itself", code, readCode(code))
		}
		seen[rune(code[0])] = true
	}
	if len(seen) != len(codeAlphabet) {
		t.Errorf("%d letters are ever used, want all %d", len(seen), len(codeAlphabet))
	}
}
