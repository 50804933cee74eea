package integration_test

// The tables of voices and ideas are listed beside the others', in a file of
// their own.
func init() {
	tables = append(tables, "voices", "voice_answers", "voice_files", "ideas", "idea_steps", "idea_supports", "release_notes", "release_note_answers")
}
