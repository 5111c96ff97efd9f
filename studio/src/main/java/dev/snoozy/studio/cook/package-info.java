/** Recipes on the page: reading, estimating and writing them, and the job that cooks. */
package dev.snoozy.studio.cook;
