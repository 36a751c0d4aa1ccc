package room

// allowance lets a burst through, then one each so many ticks.
type allowance struct {
	spent roomTick // debt in ticks, paid off as they pass
	since roomTick
}

// take spends one if there is one.
func (a *allowance) take(now, every roomTick, burst int) bool {
	a.spent = max(0, a.spent-(now-a.since))
	a.since = now
	if a.spent+every > every*roomTick(burst) {
		return false
	}
	a.spent += every
	return true
}
