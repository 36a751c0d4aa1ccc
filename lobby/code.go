package lobby

import "strings"

// Join codes are read aloud and typed on phones: six characters of Crockford's
// base 32. Case, spaces and dashes do not matter, and letters that look like a
// digit are read as that digit: 32^6 codes, each with one meaning.
const (
	codeLength   = 6
	codeAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ" // no I L O U
)

var lookAlikes = strings.NewReplacer("O", "0", "I", "1", "L", "1", "U", "V", " ", "", "-", "")

func newCode(random func([]byte)) string {
	code := make([]byte, codeLength)
	random(code)
	for i, b := range code {
		code[i] = codeAlphabet[int(b)%len(codeAlphabet)] // 256 is a multiple of 32: fair
	}
	return string(code)
}

// readCode is the code that somebody typed.
func readCode(typed string) string { return lookAlikes.Replace(strings.ToUpper(typed)) }
