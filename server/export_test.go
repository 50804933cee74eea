package server

// Deadlines lets tests be less patient.
var Deadlines = deadlines
