/** The page in the browser: its files and how they are sent. */
package dev.snoozy.studio.web;
