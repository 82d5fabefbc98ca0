from palabre.entrypoints.cli import main

main()
