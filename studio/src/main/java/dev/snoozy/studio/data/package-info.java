/** Curations on the page: recipes, runs, and what became of the rows. */
package dev.snoozy.studio.data;
