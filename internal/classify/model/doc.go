// Package model guesses the category of a line from how its words are made,
// where no table knows it.
//
// Get the embedded model with [Load] once. For each line reset a [Query], add
// its texts and ask [Model.Answer]. An answer tells the most probable category
// that the direction allows, the next one, and how often answers so clear were
// right for shops that the model had never seen, in permille. The caller says
// which answers are sure enough. Nothing is allocated once a Query has grown.
//
// # What it knows
//
// The model is linear: every feature of a line adds its weight to each category,
// and the category with the greatest sum wins. Features are words, pairs of
// words, beginnings of words and runs of three to five letters inside a word, so
// DROGAZUL is a pharmacy and SORVETELANDIA sells ice cream although nobody wrote
// them down; further the direction, the kind of statement, the Open Finance type
// and the band of the amount. It learns from the tables of the classifier and
// from the texts in ../training; no real person's statement and none of the
// made-up people of the sandbox is among them, but for the published card lines
// of ../testdata (their development part).
//
// It does not know the world: a name without any meaning (a family's, a
// fantasy's) gets a low confidence, and is then no answer. It knows no category of
// the company tree and never sees documents.
//
// # Same everywhere
//
// Weights are bytes with one scale for each category; sums are integers, so every
// machine gives the same answer. Training (package main in train, "make model")
// is exact too: the same data gives the same file, byte by byte, on every
// machine. The file tells the hash of the data; a test fails when they part.
package model
