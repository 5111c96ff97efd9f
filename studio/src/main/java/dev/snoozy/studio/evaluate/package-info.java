/** Evaluation on the page: results by model and task, items, differences, and the job itself. */
package dev.snoozy.studio.evaluate;
