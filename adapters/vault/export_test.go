package vault

// Remembered counts the tokens that the vault remembers.
func (v *Vault) Remembered() int {
	v.tokens.mu.RLock()
	defer v.tokens.mu.RUnlock()
	return len(v.tokens.young) + len(v.tokens.old)
}
