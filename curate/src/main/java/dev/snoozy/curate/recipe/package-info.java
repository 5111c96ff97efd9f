/** What a curation is told to do, and the YAML file that says so. */
@NullMarked
package dev.snoozy.curate.recipe;

import org.jspecify.annotations.NullMarked;
