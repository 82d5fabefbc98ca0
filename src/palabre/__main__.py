from palabre.entrypoints.cli import app

app()
