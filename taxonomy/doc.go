// Package taxonomy is the category tree of klaas.
//
// [Lookup] finds a category by its [Code], [All] walks the tree in order. Names
// are Portuguese (as printed in reports) and English; each category maps to
// the taxonomies of Plaid, Pluggy and Belvo. The tree is data (tree.csv) and
// has a version, [Version].
package taxonomy
