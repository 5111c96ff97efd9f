/**
 * A map of texts: vectors, neighbours, a plane on which neighbours lie together, topics, and a page
 * that shows it.
 */
@NullMarked
package dev.snoozy.curate.map;

import org.jspecify.annotations.NullMarked;
