from services import list_urls, project_urls

app_name = "services"

urlpatterns = [*list_urls.urlpatterns, *project_urls.urlpatterns]
