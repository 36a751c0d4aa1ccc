package store_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"tickroom/store"
)

func FuzzText(f *testing.F) {
	for _, s := range []string{"", "plain", "Zoë 🚀", "a\x00b", "\xff\xfe", "\xed\xa0\x80", "\uFFFD", "\xf0\x9f\x9a"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, given string) {
		kept := store.Text(given)
		if !utf8.ValidString(kept) || strings.ContainsRune(kept, 0) {
			t.Errorf("Text(%q) = %q, want UTF-8 without NUL", given, kept)
		}
		if again := store.Text(kept); again != kept {
			t.Errorf("Text(%q) = %q, want what is kept to stay as it is", kept, again)
		}
		if utf8.ValidString(given) && !strings.ContainsRune(given, 0) && kept != given {
			t.Errorf("Text(%q) = %q, want good text untouched", given, kept)
		}
	})
}
