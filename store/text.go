package store

import "strings"

// Text is how every store keeps a string: as UTF-8 without NUL, which is all
// that Postgres takes. What is not becomes U+FFFD, the replacement character.
// It is replaced and not refused, since a match must not fail to be kept
// because of what somebody managed to be called.
func Text(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}
