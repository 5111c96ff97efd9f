@echo off
rem Starts Snoozy from its image: with its own Java and its own start-up cache.
setlocal EnableExtensions DisableDelayedExpansion
for %%I in ("%~dp0..") do set "home=%%~fI"

rem The Vector API, if wanted: Java warns of it at each start, and the cache is for starts without it.
set "vector="
set "aot=-XX:-PrintWarnings"
if not defined SNOOZY_VECTOR set "SNOOZY_VECTOR=0"
if "%SNOOZY_VECTOR%"=="1" (
  set "vector=--add-modules=jdk.incubator.vector"
) else if "%SNOOZY_VECTOR%"=="0" (
  if exist "%home%\lib\app\start.aot" set "aot=-XX:AOTCache=%home%\lib\app\start.aot"
) else (
  echo snoozy: SNOOZY_VECTOR is %SNOOZY_VECTOR%; expected 1 ^(compute with the Vector API where machine code cannot run^) or 0 1>&2
  exit /b 1
)
"%home%\lib\runtime\bin\java.exe" "%aot%" -Xlog:aot=off -Xlog:cds=off -XX:+UseSerialGC -Xms64m -XX:TieredStopAtLevel=4 %vector% "-Dsnoozy.home=%home%" -jar "%home%\lib\app\snoozy.jar" %*
exit /b %errorlevel%
